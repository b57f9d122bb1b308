import { ParseError } from '../bytes/cursor.js';
import type { BtfHeader } from './header.js';
import { RECORD_SIZES } from './types.js';

/** Where the records of some BTF are. */
export interface RecordIndex {
  /** The absolute offset of each, in order. */
  readonly offsets: Uint32Array;
  /** The string offset of each one's name, when it fell off on the way. */
  readonly names: Uint32Array | undefined;
}

const HEAD_BYTES = 12;
/** 32-bit words of a record by kind: of its head and fixed part in the lower byte, above them of each element; 0 for kinds that are unknown. */
const WORDS = new Uint16Array(0x80);
for (const [kind, { info, element }] of RECORD_SIZES.entries()) if (kind > 0) WORDS[kind] = (HEAD_BYTES + info) / 4 + ((element / 4) << 8);
const isLittleEndianMachine = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Finds all records. Kinds that only the layout section knows are stepped over. @throws ParseError when one is cut off, or of an unknown kind */
export function indexRecords(bytes: Uint8Array, header: BtfHeader, what: string): RecordIndex {
  const { types, littleEndian } = header;
  const start = bytes.byteOffset + types.offset;
  const quick = littleEndian === isLittleEndianMachine && start % 4 === 0 && types.length % 4 === 0;
  const found = quick ? walkWords(new Uint32Array(bytes.buffer, start, types.length / 4), types.offset) : undefined;
  return found ?? { offsets: walkCarefully(bytes, header, what), names: undefined };
}

/**
 * The kernel has 125,000 records, of which a third have passed before this loop is compiled: so it has as few operations as can be. Undefined when there is
 * a fault.
 */
function walkWords(words: Uint32Array, base: number): RecordIndex | undefined {
  const last = words.length - 3;
  const offsets = new Uint32Array(Math.floor(words.length / 3));
  const names = new Uint32Array(offsets.length);
  let count = 0;
  let at = 0;
  while (at <= last) {
    const info = words[at + 1]!;
    const size = WORDS[(info >>> 24) & 0x7f]!;
    if (size === 0) return undefined;
    offsets[count] = base + at * 4;
    names[count++] = words[at]!;
    at += (size & 0xff) + (info & 0xffffff) * (size >> 8);
  }
  return at === words.length ? { offsets: offsets.subarray(0, count), names: names.subarray(0, count) } : undefined;
}

function walkCarefully(bytes: Uint8Array, { types, layout, littleEndian }: BtfHeader, what: string): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = types.offset + types.length;
  const offsets = new Uint32Array(Math.floor(types.length / HEAD_BYTES));
  let count = 0;
  for (let at = types.offset; at < end; ) {
    if (at + HEAD_BYTES > end) throw new ParseError(what, at, 'a type record is cut off');
    offsets[count++] = at;
    const info = view.getUint32(at + 4, littleEndian);
    const sizes = recordSizes((info >>> 24) & 0x7f, view, layout);
    if (!sizes) throw new ParseError(what, at, `type kind ${(info >>> 24) & 0x7f} is unknown`);
    at += HEAD_BYTES + sizes.info + (info & 0xffffff) * sizes.element;
    if (at > end) throw new ParseError(what, offsets[count - 1]!, 'a type record reaches beyond the type section');
  }
  return offsets.slice(0, count);
}

function recordSizes(kind: number, view: DataView, layout: BtfHeader['layout']): { info: number; element: number } | undefined {
  if (kind === 0) return undefined;
  if (kind < RECORD_SIZES.length) return RECORD_SIZES[kind];
  if ((kind + 1) * 4 > layout.length) return undefined;
  const at = layout.offset + kind * 4;
  return { info: view.getUint8(at), element: view.getUint8(at + 1) };
}
