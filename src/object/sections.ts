import { cString } from '../bytes/text.js';
import { ElfMachine, ElfType, SectionFlags, SectionType } from '../elf/constants.js';
import type { Elf } from '../elf/elf.js';
import type { ElfSection } from '../elf/section.js';

export const MAPS_SECTION = '.maps';
export const KCONFIG_SECTION = '.kconfig';
export const KSYMS_SECTION = '.ksyms';
export const STRUCT_OPS_SECTIONS: ReadonlySet<string> = new Set(['.struct_ops', '.struct_ops.link', '?.struct_ops', '?.struct_ops.link']);

const RELOCATION_SIZE = 16;
/** Where an ELF file says its version. */
const EI_VERSION = 6;

/** The sections of an object file by what they are to a loader. */
export interface Sections {
  license: string;
  kernelVersion: number | undefined;
  /** Declarations of maps, and those of objects older than BTF: `maps`, and what begins with it. */
  maps: ElfSection | undefined;
  legacyMaps: ElfSection[];
  btf: ElfSection | undefined;
  btfExt: ElfSection | undefined;
  /** Subprograms. */
  text: ElfSection | undefined;
  /** All code, `.text` included. */
  code: ElfSection[];
  data: ElfSection[];
  structOps: ElfSection[];
  /** Global variables that live in the arena. */
  arena: ElfSection | undefined;
  jumpTables: ElfSection | undefined;
  relocations: ElfSection[];
  /** What was passed over. */
  notes: string[];
}

type Taker = (sections: Sections, section: ElfSection, elf: Elf) => void;

/** Sections that are known by their names. */
const NAMED: Readonly<Record<string, Taker>> = {
  license: (to, section) => {
    if (section.bytes.length === 0) refuse(section, 'the license is empty');
    to.license = cString(section.bytes.subarray(0, 63));
  },
  version: (to, section, elf) => {
    const { bytes } = section;
    if (bytes.length !== 4) refuse(section, `a kernel version has 4 bytes, not ${bytes.length}`);
    to.kernelVersion = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, elf.littleEndian);
  },
  [MAPS_SECTION]: (to, section) => {
    to.maps = section;
  },
  '.BTF': (to, section) => {
    to.btf = programBits(section);
  },
  '.BTF.ext': (to, section) => {
    to.btfExt = programBits(section);
  },
};

/**
 * Sorts the sections of an object file.
 *
 * @throws ParseError when it is no relocatable file for BPF, or lacks what each has
 */
export function sortSections(elf: Elf): Sections {
  checkFile(elf);
  const sections = emptySections();
  for (const section of elf.sections.slice(1)) {
    if (!isIgnored(section)) sortSection(sections, section, elf);
  }
  return sections;
}

function checkFile(elf: Elf): void {
  if (elf.bytes[EI_VERSION] !== 1) elf.reader.fail(EI_VERSION, 'this version of ELF is unknown');
  if (elf.type !== ElfType.REL || (elf.machine !== 0 && elf.machine !== ElfMachine.BPF)) elf.reader.fail(16, 'not an object file for BPF');
  const tables = elf.sections.filter((section) => section.type === SectionType.SYMTAB);
  if (tables.length === 0) elf.reader.fail(0, 'there are no symbols; was the file stripped?');
  if (tables.length > 1) elf.reader.fail(tables[1]!.offset, 'there are several tables of symbols');
}

function emptySections(): Sections {
  return {
    license: '',
    kernelVersion: undefined,
    maps: undefined,
    legacyMaps: [],
    btf: undefined,
    btfExt: undefined,
    text: undefined,
    code: [],
    data: [],
    structOps: [],
    arena: undefined,
    jumpTables: undefined,
    relocations: [],
    notes: [],
  };
}

function isIgnored({ type, name, size }: ElfSection): boolean {
  if (type === SectionType.STRTAB || type === SectionType.LLVM_ADDRSIG || type === SectionType.NULL) return true;
  if (type === SectionType.PROGBITS && size === 0 && name === '.text') return true;
  return /^(\.rel)?\.debug_/.test(name) || name === '.rel.BTF' || name === '.rel.BTF.ext';
}

function sortSection(sections: Sections, section: ElfSection, elf: Elf): void {
  const { type, name, size } = section;
  checkContents(section);
  if (Object.hasOwn(NAMED, name)) NAMED[name]!(sections, section, elf);
  else if (type === SectionType.SYMTAB) return;
  else if (type === SectionType.PROGBITS && size > 0) sortContents(sections, section);
  else if (type === SectionType.REL) sortRelocations(sections, section, elf);
  else if (type === SectionType.NOBITS && isNamed(name, '.bss')) sections.data.push(section);
  else if (size > 0) sections.notes.push(`section ${name} of ${size} bytes is passed over`);
}

const ENTRY_SIZES: Readonly<Record<number, number>> = { [SectionType.SYMTAB]: 24, [SectionType.REL]: RELOCATION_SIZE };

/** Contents have to be all there, and tables to be whole. */
function checkContents(section: ElfSection): void {
  if (section.type !== SectionType.NOBITS) void section.bytes;
  if (section.size % (ENTRY_SIZES[section.type] ?? 1) !== 0) refuse(section, `${section.size} bytes are no whole number of entries`);
}

function sortContents(sections: Sections, section: ElfSection): void {
  const { name } = section;
  if (section.flags & SectionFlags.EXECINSTR) {
    if (name === '.text') sections.text = section;
    sections.code.push(section);
  } else if (isNamed(name, '.data') || isNamed(name, '.rodata')) sections.data.push(section);
  else if (STRUCT_OPS_SECTIONS.has(name)) sections.structOps.push(section);
  else if (name === 'maps') sections.legacyMaps.push(section);
  else if (name === '.addr_space.1') sections.arena = section;
  else if (name === '.jumptables') sections.jumpTables = section;
  else sections.notes.push(`section ${name} of ${section.size} bytes is passed over: it is no data section that is known`);
}

/** Only code, and initial values of maps, is relocated. */
function sortRelocations(sections: Sections, section: ElfSection, elf: Elf): void {
  if (section.entrySize !== RELOCATION_SIZE) refuse(section, `relocations have ${section.entrySize} bytes, not ${RELOCATION_SIZE}`);
  const target = elf.sections[section.info] ?? refuse(section, `there is no section ${section.info} to relocate`);
  if (target.flags & SectionFlags.EXECINSTR || STRUCT_OPS_SECTIONS.has(target.name) || target.name === MAPS_SECTION) {
    sections.relocations.push(section);
  } else {
    sections.notes.push(`relocations of section ${target.name} are passed over`);
  }
}

/** The section itself or one with a further part: `.data` and `.data.x`. */
export function isNamed(name: string, base: string): boolean {
  return name === base || name.startsWith(`${base}.`);
}

function programBits(section: ElfSection): ElfSection {
  return section.type === SectionType.PROGBITS ? section : refuse(section, 'it has another type than it should');
}

function refuse(section: ElfSection, reason: string): never {
  return section.reader.fail(section.offset, `section ${section.name}: ${reason}`);
}
