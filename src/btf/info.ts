import { Cursor, ParseError } from '../bytes/cursor.js';
import type { Btf } from './btf.js';

/** Which function begins at an instruction (struct bpf_func_info). `typeId` is a FUNC. */
export interface FuncInfo {
  readonly instruction: number;
  readonly typeId: number;
}

/** Which line an instruction is from (struct bpf_line_info). */
export interface LineInfo {
  readonly instruction: number;
  /** String offset of the file's name. */
  readonly fileName: number;
  /** String offset of the line's text. */
  readonly line: number;
  /** line << 10 | column. */
  readonly lineColumn: number;
}

/** A line of source code. `line` and `column` count from 1; 0 is unknown. */
export interface SourceLine {
  readonly file: string;
  /** As it stands in the file, with its indentation. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export const FUNC_INFO_SIZE = 8;
export const LINE_INFO_SIZE = 16;

/** Resolves a line. @throws ParseError when its strings do not exist */
export function sourceLine(btf: Btf, info: LineInfo): SourceLine {
  const { lineColumn } = info;
  return { file: btf.stringAt(info.fileName), text: btf.stringAt(info.line), line: lineColumn >>> 10, column: lineColumn & 0x3ff };
}

/** As the kernel takes them: records of {@link FUNC_INFO_SIZE} bytes in the machine's byte order. */
export function encodeFuncInfo(records: readonly FuncInfo[]): Uint8Array {
  return encode(records.map(({ instruction, typeId }) => [instruction, typeId]));
}

/** As the kernel takes them: records of {@link LINE_INFO_SIZE} bytes in the machine's byte order. */
export function encodeLineInfo(records: readonly LineInfo[]): Uint8Array {
  return encode(records.map(({ instruction, fileName, line, lineColumn }) => [instruction, fileName, line, lineColumn]));
}

/** What the kernel gives back of a program (bpf_prog_info), in records of `size` bytes. @throws ParseError when they are cut off */
export function decodeFuncInfo(bytes: Uint8Array, size = FUNC_INFO_SIZE): FuncInfo[] {
  return decode(bytes, size, FUNC_INFO_SIZE, 'func_info', readFuncInfo);
}

/** What the kernel gives back of a program (bpf_prog_info), in records of `size` bytes. @throws ParseError when they are cut off */
export function decodeLineInfo(bytes: Uint8Array, size = LINE_INFO_SIZE): LineInfo[] {
  return decode(bytes, size, LINE_INFO_SIZE, 'line_info', readLineInfo);
}

export function readFuncInfo(record: Cursor): FuncInfo {
  return { instruction: record.u32(), typeId: record.u32() };
}

export function readLineInfo(record: Cursor): LineInfo {
  return { instruction: record.u32(), fileName: record.u32(), line: record.u32(), lineColumn: record.u32() };
}

function decode<T>(bytes: Uint8Array, size: number, minimum: number, what: string, read: (record: Cursor) => T): T[] {
  if (size < minimum || bytes.length % size !== 0) throw new ParseError(what, 0, `${bytes.length} bytes are no records of ${size}`);
  const cursor = new Cursor(bytes, what);
  return Array.from({ length: bytes.length / size }, (_, i) => {
    cursor.offset = i * size;
    return read(cursor);
  });
}

/** Little-endian, as every machine is that this runs on. */
function encode(records: readonly (readonly number[])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(records.reduce((sum, { length }) => sum + length * 4, 0)));
  let at = 0;
  for (const record of records) {
    for (const word of record) {
      view.setUint32(at, word, true);
      at += 4;
    }
  }
  return new Uint8Array(view.buffer);
}
