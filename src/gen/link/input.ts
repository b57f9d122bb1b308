import { Btf } from '../../btf/btf.js';
import { type BtfExt, parseBtfExt } from '../../btf/ext.js';
import type { BtfDatasec } from '../../btf/types.js';
import { Linkage } from '../../btf/types.js';
import { ParseError } from '../../bytes/cursor.js';
import {
  ElfMachine,
  ElfType,
  SectionFlags,
  SectionIndex,
  SectionType,
  SymbolBinding,
  SymbolType,
  SymbolVisibility,
} from '../../elf/constants.js';
import { Elf } from '../../elf/elf.js';
import type { ElfSection } from '../../elf/section.js';
import type { ElfSymbol } from '../../elf/symbols.js';

/** An object file that is to be linked, checked as far as it can be by itself. */
export interface LinkInput {
  /** Names it in errors. */
  readonly what: string;
  readonly elf: Elf;
  /** Sections whose contents go into the result. */
  readonly contents: readonly ElfSection[];
  /** Sections of relocations of those. */
  readonly relocations: readonly ElfSection[];
  readonly symbols: readonly ElfSymbol[];
  readonly btf: Btf | undefined;
  readonly ext: BtfExt | undefined;
  /** Types of global and extern variables and functions by name, and the data sections they are listed in. */
  readonly declarations: ReadonlyMap<string, Declaration>;
}

export interface Declaration {
  /** Of a VAR or FUNC. */
  readonly typeId: number;
  /** Of a DATASEC, if it is in one. */
  readonly datasecId: number | undefined;
}

const INSTRUCTION_SIZE = 8;
const RELOCATION_SIZE = 16;
/** LLVM's own types of sections: none is for a loader. */
const isOfLlvm = (type: number) => type >= 0x6fff4c00 && type <= 0x6fff4cff;

/** @throws ParseError when the file is malformed, or has in it what cannot be linked */
export function readInput(bytes: Uint8Array, what: string): LinkInput {
  const elf = Elf.parse(bytes, what);
  if (elf.type !== ElfType.REL || elf.machine !== ElfMachine.BPF) elf.reader.fail(16, 'not an object file for BPF');
  const kept = elf.sections.slice(1).filter((section) => !isIgnored(section));
  const contents = kept.filter(({ type }) => type === SectionType.PROGBITS || type === SectionType.NOBITS);
  for (const section of kept) checkSection(section);
  const symbols = readSymbols(elf, what);
  const types = readTypes(elf, what);
  const relocations = kept.filter(({ type }) => type === SectionType.REL).filter((section) => contents.includes(target(elf, section)));
  return { what, elf, contents: contents.filter(({ name }) => !isTypes(name)), relocations, symbols, ...types };
}

function isTypes(name: string): boolean {
  return name === '.BTF' || name === '.BTF.ext';
}

/** What a loader does not look at: debug information, and what belongs to it. */
function isIgnored({ type, name, size }: ElfSection): boolean {
  if (type === SectionType.STRTAB || isOfLlvm(type)) return true;
  if (type === SectionType.PROGBITS && size === 0 && name === '.text') return true;
  const relocated = name.startsWith('.rel') ? name.slice('.rel'.length) : name;
  return relocated.startsWith('.debug_') || (relocated !== name && isTypes(relocated));
}

const LINKABLE: readonly number[] = [SectionType.PROGBITS, SectionType.NOBITS, SectionType.REL, SectionType.SYMTAB];

function checkSection(section: ElfSection): void {
  const refuse = (reason: string) => section.reader.fail(section.offset, `section ${section.name || section.index} ${reason}`);
  if (section.name === '') refuse('has no name');
  if (!LINKABLE.includes(section.type)) refuse(`of type ${section.type} cannot be linked`);
  if (section.alignment !== 0 && !Number.isInteger(Math.log2(section.alignment))) refuse(`is aligned to ${section.alignment} bytes`);
  if (section.alignment > 4096) refuse(`is aligned to ${section.alignment} bytes, more than a page`);
  const isCode = section.type === SectionType.PROGBITS && (section.flags & SectionFlags.EXECINSTR) !== 0;
  if (isCode && section.size % INSTRUCTION_SIZE !== 0) refuse(`of ${section.size} bytes is no whole number of instructions`);
  // Read now, so that what is cut off shows before anything is linked.
  if (section.type !== SectionType.NOBITS) section.bytes;
  else if (section.size > 0xffffffff) refuse(`of ${section.size} bytes is too large`);
}

/** The section that relocations apply to. */
function target(elf: Elf, section: ElfSection): ElfSection {
  const found = elf.sections[section.info];
  if (!found || section.info === 0)
    section.reader.fail(section.offset, `${section.name} applies to section ${section.info}, which is not there`);
  if (section.name !== `.rel${found.name}`) section.reader.fail(section.offset, `${section.name} applies to section ${found.name}`);
  section.entries(RELOCATION_SIZE);
  return found;
}

function readSymbols(elf: Elf, what: string): ElfSymbol[] {
  const table = elf.symbols;
  if (!table) return elf.reader.fail(0, 'there are no symbols; was the file stripped?');
  const symbols = Array.from({ length: table.count }, (_, index) => table.at(index));
  for (const symbol of symbols.slice(1)) checkSymbol(elf, symbol, what);
  return symbols;
}

const BINDINGS: readonly number[] = [SymbolBinding.LOCAL, SymbolBinding.GLOBAL, SymbolBinding.WEAK];
const VISIBILITIES: readonly number[] = [SymbolVisibility.DEFAULT, SymbolVisibility.HIDDEN];
const FIRST_RESERVED = 0xff00;

function checkSymbol(elf: Elf, { name, index, binding, visibility, sectionIndex, type, value }: ElfSymbol, what: string): void {
  const refuse = (reason: string): never => {
    throw new ParseError(`${what}: symbol ${name || index}`, 0, reason);
  };
  if (!BINDINGS.includes(binding)) refuse(`its binding ${binding} is unknown`);
  if (!VISIBILITIES.includes(visibility)) refuse(`its visibility ${visibility} cannot be linked`);
  if (sectionIndex === SectionIndex.UNDEF) {
    if (type !== SymbolType.NOTYPE || binding === SymbolBinding.LOCAL) refuse('it is undefined, but not extern');
  } else if (sectionIndex < FIRST_RESERVED && sectionIndex >= elf.sections.length) {
    refuse(`it is in section ${sectionIndex}, which is not there`);
  } else if (type === SymbolType.SECTION && value !== 0) refuse('it is a section, but not at its beginning');
}

/** All types are unfolded once, so that what is wrong with one shows now. */
function readTypes(elf: Elf, what: string): Pick<LinkInput, 'btf' | 'ext' | 'declarations'> {
  const section = elf.section('.BTF');
  const extSection = elf.section('.BTF.ext');
  if (!section) {
    if (extSection) elf.reader.fail(extSection.offset, 'there is .BTF.ext without .BTF');
    return { btf: undefined, ext: undefined, declarations: new Map() };
  }
  const btf = Btf.parse(section.bytes, { what: `${what}: .BTF` });
  for (const id of btf.ids()) btf.type(id);
  const ext = extSection && parseBtfExt(extSection.bytes, btf, `${what}: .BTF.ext`);
  return { btf, ext, declarations: findDeclarations(btf) };
}

/** Functions may be in no data section. */
function findDeclarations(btf: Btf): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const id of btf.ids()) {
    const type = btf.type(id);
    if ((type.kind !== 'VAR' && type.kind !== 'FUNC') || type.linkage === Linkage.STATIC) continue;
    if (!found.has(type.name)) found.set(type.name, { typeId: id, datasecId: undefined });
  }
  for (const datasecId of btf.ids('DATASEC')) {
    for (const { type: typeId } of (btf.type(datasecId) as BtfDatasec).entries) {
      const name = btf.name(typeId);
      if (found.get(name)?.typeId === typeId) found.set(name, { typeId, datasecId });
    }
  }
  return found;
}
