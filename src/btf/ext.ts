import { type Cursor, ParseError } from '../bytes/cursor.js';
import type { Btf } from './btf.js';
import { openBtf } from './header.js';
import { type FuncInfo, type LineInfo, readFuncInfo, readLineInfo } from './info.js';

/**
 * A CO-RE relocation (struct bpf_core_relo): what of the local type `typeId` the instruction wants to know. One that is malformed is told from
 * others: it is the loader's to refuse, when it comes to it.
 */
export interface CoreRelo {
  /** Counted from the start of the section. No whole number where none begins. */
  readonly instruction: number;
  readonly typeId: number;
  /** Indices of members and elements, such as `0:1:2`. Empty when there is no such string. */
  readonly access: string;
  /** enum bpf_core_relo_kind. */
  readonly kind: number;
}

/**
 * What .BTF.ext says on the code of an object file, by section. Instructions are counted from the start of the section. Records of a section whose name
 * does not exist are under the name ''.
 */
export interface BtfExt {
  readonly functions: ReadonlyMap<string, readonly FuncInfo[]>;
  readonly lines: ReadonlyMap<string, readonly LineInfo[]>;
  readonly coreRelos: ReadonlyMap<string, readonly CoreRelo[]>;
}

const BYTES_PER_INSTRUCTION = 8;

/**
 * Reads the section `.BTF.ext` (struct btf_ext_header in libbpf; Documentation/bpf/btf.rst), of either byte order. `btf` has its strings.
 *
 * @throws ParseError when parts or records lie outside, or are too short
 */
export function parseBtfExt(bytes: Uint8Array, btf: Btf, what = '.BTF.ext'): BtfExt {
  const cursor = openBtf(bytes, what);
  const headerLength = cursor.u32();
  if (headerLength < 24) cursor.fail(`a header of ${headerLength} bytes is too short`, 4);
  const header = cursor.slice(0, headerLength);
  header.skip(8);
  const part = (name: string): Cursor => cursor.slice(headerLength + header.u32(), header.u32(), `${what}: ${name}`);
  return {
    functions: bySection(part('func_info'), btf, 8, readFuncInfoAt),
    lines: bySection(part('line_info'), btf, 16, readLineInfoAt),
    coreRelos: headerLength >= 32 ? bySection(part('core_relo'), btf, 16, readCoreRelo) : new Map(),
  };
}

/** Records of one kind: their size, then for each section its name, their count, and the records. */
function bySection<T>(cursor: Cursor, btf: Btf, minimum: number, read: (record: Cursor, btf: Btf) => T): Map<string, T[]> {
  const sections = new Map<string, T[]>();
  if (cursor.remaining === 0) return sections;
  const size = cursor.u32();
  if (size < minimum || size % 4 !== 0) cursor.fail(`records of ${size} bytes are not possible`, 0);
  while (cursor.remaining > 0) {
    const name = stringAt(btf, cursor.u32());
    const records = sections.get(name) ?? [];
    sections.set(name, records);
    const count = cursor.u32();
    cursor.bytesAt(cursor.offset, count * size);
    for (let i = 0; i < count; i++) {
      const next = cursor.offset + size;
      records.push(read(cursor, btf));
      cursor.offset = next;
    }
  }
  return sections;
}

function readFuncInfoAt(record: Cursor): FuncInfo {
  const info = readFuncInfo(record);
  return { ...info, instruction: instructionAt(info.instruction) };
}

function readLineInfoAt(record: Cursor): LineInfo {
  const info = readLineInfo(record);
  return { ...info, instruction: instructionAt(info.instruction) };
}

/** In object files offsets are in bytes, in the kernel they count instructions. libbpf rounds down, too. */
function instructionAt(offset: number): number {
  return Math.floor(offset / BYTES_PER_INSTRUCTION);
}

function readCoreRelo(record: Cursor, btf: Btf): CoreRelo {
  const instruction = record.u32() / BYTES_PER_INSTRUCTION;
  const typeId = record.u32();
  const access = stringAt(btf, record.u32());
  return { instruction, typeId, access, kind: record.u32() };
}

function stringAt(btf: Btf, offset: number): string {
  try {
    return btf.stringAt(offset);
  } catch (error) {
    if (error instanceof ParseError) return '';
    throw error;
  }
}
