// Where in a valid file its numbers are, so that damage can be aimed: at a section's size, a symbol's section, a type's count of members.
import { Btf } from '../../src/btf/btf.js';
import { parseBtfHeader } from '../../src/btf/header.js';
import { SectionType } from '../../src/elf/constants.js';
import { Elf } from '../../src/elf/elf.js';
import type { ElfSection } from '../../src/elf/section.js';

/** A number in a file. */
export interface Field {
  readonly at: number;
  /** In bytes. */
  readonly width: 1 | 2 | 4 | 8;
}

/** Fields that say the same kind of thing. */
export type Group = readonly Field[];

type Widths = readonly Field['width'][];

const FILE_HEADER: Widths = [4, 1, 1, 2, 8, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2];
const SECTION_HEADER: Widths = [4, 4, 8, 8, 8, 8, 4, 4, 8, 8];
const SYMBOL: Widths = [4, 1, 1, 2, 8, 8];
const RELOCATION: Widths = [8, 4, 4];
const INSTRUCTION: Widths = [1, 1, 2, 4];
const BTF_HEADER: Widths = [2, 1, 1, 4, 4, 4, 4, 4];

/** The fields of an ELF file, its types included. */
export function elfGroups(bytes: Uint8Array): Group[] {
  const elf = Elf.parse(bytes);
  const headers = new DataView(bytes.buffer, bytes.byteOffset).getUint32(40, elf.littleEndian);
  return [
    record(0, FILE_HEADER),
    records(headers, elf.sections.length, SECTION_HEADER),
    ...elf.sections.flatMap((section) => sectionGroups(section)),
  ].filter((group) => group.length > 0);
}

/** Of these, only what says where code and data refer to: relocations and symbols. */
export function relocationGroups(bytes: Uint8Array): Group[] {
  return sectionsOf(bytes, ({ type }) => type === SectionType.REL || type === SectionType.SYMTAB);
}

/** Of these, only what defines maps: the types that can be reached from the section `.maps`, and what stands in that section. */
export function mapGroups(bytes: Uint8Array): Group[] {
  const elf = Elf.parse(bytes);
  const section = elf.section('.BTF');
  if (!section) return [];
  const btf = Btf.parse(section.bytes);
  const reached = new Set<number>();
  const reach = (id: number): void => {
    if (id === 0 || reached.has(id)) return;
    reached.add(id);
    btf.eachReference(id, reach);
  };
  for (const id of btf.findAll('.maps')) reach(id);
  const records = [...reached].map((id) => words(section.offset + btf.recordOffset(id), section.offset + endOf(btf, id)));
  return [...records, ...sectionsOf(bytes, ({ name }) => name === '.maps' || name === '.rel.maps')].filter((group) => group.length > 0);
}

function endOf(btf: Btf, id: number): number {
  return id + 1 < btf.count ? btf.recordOffset(id + 1) : btf.recordOffset(id) + 12;
}

function sectionsOf(bytes: Uint8Array, wanted: (section: ElfSection) => boolean): Group[] {
  return Elf.parse(bytes)
    .sections.filter(wanted)
    .flatMap((section) =>
      section.name === '.maps' ? [words(section.offset, section.offset + section.bytes.length)] : sectionGroups(section),
    )
    .filter((group) => group.length > 0);
}

function sectionGroups(section: ElfSection): Group[] {
  const { type, name, offset } = section;
  const { length } = section.bytes;
  if (type === SectionType.SYMTAB) return [records(offset, length / 24, SYMBOL)];
  if (type === SectionType.REL) return [records(offset, length / 16, RELOCATION)];
  if (name === '.BTF') return btfGroups(section.bytes).map((group) => group.map(({ at, width }) => ({ at: at + offset, width })));
  if (name === '.BTF.ext') return [record(offset, BTF_HEADER), words(offset + 24, offset + length)];
  if (type !== SectionType.PROGBITS || name.startsWith('.debug')) return [];
  const isCode = (section.flags & 4) !== 0;
  return [isCode ? records(offset, length / 8, INSTRUCTION) : words(offset, offset + length)];
}

/** The fields of BTF: its header, the heads of its types, and what follows them. */
export function btfGroups(bytes: Uint8Array): Group[] {
  const btf = Btf.parse(bytes);
  const { types } = parseBtfHeader(bytes, 'BTF');
  const starts = [...btf.ids()].map((id) => btf.recordOffset(id));
  const end = types.offset + types.length;
  return [
    record(0, BTF_HEADER),
    starts.flatMap((at) => words(at, at + 12)),
    // The byte of the kind, and the two of the count.
    starts.flatMap((at): Field[] => (btf.littleEndian ? kindFields(at + 4) : [{ at: at + 4, width: 1 }])),
    starts.flatMap((at, i) => words(at + 12, starts[i + 1] ?? end)),
  ].filter((group) => group.length > 0);
}

function kindFields(at: number): Field[] {
  return [
    { at, width: 2 },
    { at: at + 3, width: 1 },
  ];
}

function records(start: number, count: number, widths: Widths): Field[] {
  const size = widths.reduce<number>((sum, width) => sum + width, 0);
  return Array.from({ length: Math.floor(count) }, (_, i) => record(start + i * size, widths)).flat();
}

function record(start: number, widths: Widths): Field[] {
  let at = start;
  return widths.map((width) => {
    const field = { at, width };
    at += width;
    return field;
  });
}

/** All whole words of four bytes. */
export function words(start: number, end: number): Field[] {
  return Array.from({ length: Math.max(0, Math.floor((end - start) / 4)) }, (_, i) => ({ at: start + i * 4, width: 4 as const }));
}
