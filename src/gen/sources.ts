import { Btf } from '../btf/btf.js';
import { parseBtfExt } from '../btf/ext.js';
import { BTF_MAGIC } from '../btf/header.js';
import { ParseError } from '../bytes/cursor.js';
import { Elf } from '../elf/elf.js';
import type { CoreObject } from './min-core-btf.js';

/** An ELF file without types. */
export class NoTypes extends ParseError {}

/** The types in a file: BTF as it is, or the section `.BTF` of an ELF file. @throws ParseError when it is neither, or malformed */
export function readTypes(bytes: Uint8Array, what: string, base?: Btf): Btf {
  const found = isBtf(bytes) ? bytes : sectionOf(Elf.parse(bytes, what), '.BTF', what);
  return Btf.parse(found, base ? { what, base } : { what });
}

/** The CO-RE relocations of an object file; none when it has types but no code. @throws ParseError when it has no types, or they are malformed */
export function readCoreObject(bytes: Uint8Array, what: string): CoreObject {
  const elf = Elf.parse(bytes, what);
  const btf = Btf.parse(sectionOf(elf, '.BTF', what), { what: `${what}: .BTF` });
  const ext = elf.section('.BTF.ext');
  const relocations = ext ? [...parseBtfExt(ext.bytes, btf, `${what}: .BTF.ext`).coreRelos.values()].flat() : [];
  return { what, btf, relocations };
}

/** Whether it is BTF itself, in either byte order, and no ELF file. */
export function isBtf(bytes: Uint8Array): boolean {
  const first = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  return first === BTF_MAGIC || first === (((BTF_MAGIC & 0xff) << 8) | (BTF_MAGIC >> 8));
}

function sectionOf(elf: Elf, name: string, what: string): Uint8Array {
  const section = elf.section(name);
  if (!section) throw new NoTypes(what, 0, `it has no section ${name} (compile with -g)`);
  return section.bytes;
}
