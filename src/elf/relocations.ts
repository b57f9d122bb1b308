import { SectionType } from './constants.js';
import type { ElfSection } from './section.js';

/** A place that wants the value of a symbol. */
export interface ElfRelocation {
  /** In bytes from the start of the section that is relocated. */
  readonly offset: number;
  /** {@link BpfRelocation} in BPF objects. */
  readonly type: number;
  /** Index in the symbol table that the relocation section links to. */
  readonly symbol: number;
  /** Of RELA; with REL what is to be added stands in the section itself. */
  readonly addend: number | undefined;
}

export function isRelocationSection(section: ElfSection): boolean {
  return section.type === SectionType.REL || section.type === SectionType.RELA;
}

/** The relocations of a REL or RELA section, in the order of the file. @throws ParseError when it is another, or cut off */
export function* relocationsIn(section: ElfSection): Generator<ElfRelocation> {
  if (!isRelocationSection(section)) section.reader.fail(section.offset, `section ${section.name} holds no relocations`);
  const { reader } = section;
  const size = section.type === SectionType.RELA ? 24 : 16;
  const count = section.entries(size);
  for (let i = 0; i < count; i++) {
    const at = section.offset + i * size;
    const addend = size === 24 ? reader.i64(at + 16) : undefined;
    // The halves of r_info are numbers of their own, whichever byte order they stand in.
    const [type, symbol] = reader.littleEndian ? [reader.u32(at + 8), reader.u32(at + 12)] : [reader.u32(at + 12), reader.u32(at + 8)];
    yield { offset: reader.u64(at), type, symbol, addend };
  }
}
