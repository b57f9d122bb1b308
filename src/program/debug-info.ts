import type { FunctionStart } from '../asm/listing.js';
import type { SourceLine } from '../asm/source.js';
import type { Btf } from '../btf/btf.js';
import { signature } from '../btf/signature.js';
import { Cursor } from '../bytes/cursor.js';

/** The functions of a program from its `struct bpf_func_info` records (of `recordSize` bytes each) and its BTF. */
export function functionStarts(records: Uint8Array, recordSize: number, btf: Btf): FunctionStart[] {
  return each(records, recordSize, 'func_info', (record) => ({ offset: record.u32(), prototype: signature(btf, record.u32()) }));
}

/** The source lines of a program from its `struct bpf_line_info` records (of `recordSize` bytes each) and its BTF. */
export function sourceLines(records: Uint8Array, recordSize: number, btf: Btf): SourceLine[] {
  return each(records, recordSize, 'line_info', (record) => {
    const offset = record.u32();
    const file = btf.stringAt(record.u32());
    const text = btf.stringAt(record.u32());
    const place = record.u32();
    // BPF_LINE_INFO_LINE_NUM and _COL of include/uapi/linux/bpf.h.
    return { offset, text, file, line: place >>> 10, column: place & 0x3ff };
  });
}

function each<T>(records: Uint8Array, recordSize: number, what: string, decode: (record: Cursor) => T): T[] {
  const cursor = new Cursor(records, what);
  const decoded: T[] = [];
  // Records may be longer than what is known of them.
  for (let at = 0; recordSize > 0 && at + recordSize <= records.length; at += recordSize)
    decoded.push(decode(cursor.slice(at, recordSize)));
  return decoded;
}
