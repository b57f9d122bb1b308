import { Instructions } from '../asm/instructions.js';
import { Btf } from '../btf/btf.js';
import { checkRecords } from '../btf/check.js';
import { type BtfExt, parseBtfExt } from '../btf/ext.js';
import { ParseError } from '../bytes/cursor.js';
import { Elf } from '../elf/elf.js';
import type { ElfSymbol } from '../elf/symbols.js';
import { hookForSection } from '../hook/all.js';
import { ProgType } from '../kernel/enums.gen.js';
import { completeBtf } from './btf-fixup.js';
import { dataMaps, kconfigMap } from './data-maps.js';
import { type Externs, findExterns } from './externs.js';
import { type FunctionTable, findFunctions, type RawFunction } from './functions.js';
import { legacyMaps } from './legacy-maps.js';
import { readMapSlots } from './map-slots.js';
import { type DeclaredMap, declaredMaps } from './maps.js';
import { distributeInfo, functionSpec, programSpec } from './programs.js';
import { type PlacedMap, readRelocations } from './relocations.js';
import { MAPS_SECTION, type Sections, sortSections } from './sections.js';
import type { FunctionSpec, MapSpec, ObjectSpec } from './spec.js';
import { readStructOpsMembers, structOpsMaps } from './struct-ops.js';

export interface ParseOptions {
  /** The file's name, with or without its directory: up to its first dot it is the object's. */
  readonly name?: string;
  /** Members of map declarations that no map has are passed over instead of refused. */
  readonly relaxedMaps?: boolean;
}

/**
 * Reads a compiled BPF object file (ELF, from clang or a BPF linker) into plain data. Nothing of this machine goes in: the same file gives the same spec
 * everywhere. `bytes` are not copied and must not change.
 *
 * @throws ParseError when the file is malformed, or holds what cannot be loaded anywhere; the message says what and where
 */
export function parseObject(bytes: Uint8Array, options: ParseOptions = {}): ObjectSpec {
  const file = options.name?.replace(/^.*\//, '') ?? '';
  // A plain view: slices of Node's Buffer are views too, where a copy is meant.
  const elf = Elf.parse(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), file || 'object file');
  const sections = sortSections(elf);
  const symbols = readSymbols(elf);
  const functions = findFunctions(sections, symbols);
  const types = readTypes(sections);
  const externs = findExterns(symbols, types.btf);
  const btf = types.btf && completeTypes(types.btf, elf, symbols, externs, sections.text ? functions.in(sections.text) : []);
  const name = objectName(file);
  const declared = declaredMaps(sections, btf, !options.relaxedMaps);
  const maps = [...declared, ...otherMaps(sections, symbols, name, btf, externs)];
  const object = { elf, sections, symbols, functions, externs, declared, maps, btf, ext: types.ext };
  const { programs, subprograms } = readFunctions(object);
  return {
    name,
    license: sections.license,
    kernelVersion: sections.kernelVersion,
    littleEndian: elf.littleEndian,
    programs: programs.map(({ section, spec }) => programSpec(spec, section)),
    subprograms,
    maps: fillMaps(
      object,
      programs.map(({ fn }) => fn),
    ),
    externs: externs.specs,
    btf,
    needsBtf: sections.structOps.length > 0,
    hasCoreRelocations: (types.ext?.coreRelos.size ?? 0) > 0,
    jumpTables: sections.jumpTables?.bytes,
    notes: [...sections.notes, ...types.notes],
  };
}

/** What has been read of a file so far. */
interface ObjectFile {
  readonly elf: Elf;
  readonly sections: Sections;
  readonly symbols: readonly ElfSymbol[];
  readonly functions: FunctionTable;
  readonly externs: Externs;
  readonly declared: readonly DeclaredMap[];
  readonly maps: readonly PlacedMap[];
  readonly btf: Btf | undefined;
  readonly ext: BtfExt | undefined;
}

function objectName(file: string): string {
  return file.slice(0, 15).replace(/\..*$/s, '');
}

function readSymbols(elf: Elf): ElfSymbol[] {
  const table = elf.symbols!;
  return Array.from({ length: table.count }, (_, index) => table.at(index));
}

interface Types {
  readonly btf: Btf | undefined;
  readonly ext: BtfExt | undefined;
  readonly notes: readonly string[];
}

/** Types that are malformed do without, unless maps or struct_ops are declared by them. */
function readTypes(sections: Sections): Types {
  const needed = sections.maps !== undefined || sections.structOps.length > 0;
  if (needed && !sections.btf) throw new ParseError(MAPS_SECTION, 0, 'there is no BTF that says what maps there are');
  let btf: Btf | undefined;
  try {
    btf = sections.btf && checkedBtf(sections.btf.bytes);
    const ext = btf && sections.btfExt && parseBtfExt(sections.btfExt.bytes, btf);
    return { btf, ext, notes: [] };
  } catch (error) {
    if (needed || !(error instanceof ParseError)) throw error;
    return { btf, ext: undefined, notes: [`types are left out: ${error.message}`] };
  }
}

/** What is wrong with a type shows here, and not in the middle of loading. */
function checkedBtf(bytes: Uint8Array): Btf {
  const btf = Btf.parse(bytes, { what: '.BTF' });
  checkRecords(btf);
  return btf;
}

function completeTypes(btf: Btf, elf: Elf, symbols: readonly ElfSymbol[], externs: Externs, subprograms: readonly RawFunction[]): Btf {
  const hidden = subprograms.filter((fn) => fn.hidden);
  return Btf.parse(completeBtf(btf, elf, symbols, externs.specs, hidden).bytes(), { what: '.BTF' });
}

/** Maps that are not declared: of old objects, of data, of the kernel's configuration, of struct_ops. */
function otherMaps(sections: Sections, symbols: readonly ElfSymbol[], name: string, btf: Btf | undefined, externs: Externs): PlacedMap[] {
  const nowhere = { sectionIndex: -1, offset: 0 };
  const kconfig = externs.kconfigSize > 0 ? [{ spec: kconfigMap(externs.kconfigSize, name, btf), ...nowhere }] : [];
  return [
    ...sections.legacyMaps.flatMap((section) => legacyMaps(section, symbols)),
    ...dataMaps(sections, name, btf),
    ...kconfig,
    ...sections.structOps.flatMap((section) => structOpsMaps(section, btf!)),
  ];
}

interface EntryFunction {
  readonly fn: RawFunction;
  readonly section: string;
  readonly spec: FunctionSpec;
}

/** Entry programs by section and place, and the functions of `.text`. */
function readFunctions(object: ObjectFile): { programs: EntryFunction[]; subprograms: FunctionSpec[] } {
  const { sections, functions } = object;
  const info = distributeInfo(object.ext, functions);
  const relocations = readRelocations({ ...object, sectionCount: object.elf.sections.length });
  const spec = (fn: RawFunction) => nativeOrder(functionSpec(fn, info, relocations), object.elf.littleEndian);
  const entries = sections.code.filter((section) => section !== sections.text).flatMap((section) => functions.in(section));
  return {
    programs: entries.map((fn) => ({ fn, section: fn.section.name, spec: spec(fn) })),
    subprograms: sections.text ? functions.in(sections.text).map(spec) : [],
  };
}

/** Instructions are little-endian from here on, whatever the file is. */
function nativeOrder(fn: FunctionSpec, littleEndian: boolean): FunctionSpec {
  return littleEndian ? fn : { ...fn, instructions: new Instructions(fn.instructions, false).swapped().bytes };
}

/** Adds to the maps what relocations set in them. */
function fillMaps({ elf, sections, symbols, functions, declared, maps, btf }: ObjectFile, programs: readonly RawFunction[]): MapSpec[] {
  const specs = maps.map(({ spec }) => spec);
  const typeOf = (fn: RawFunction) => {
    const hook = hookForSection(fn.section.name)?.hook;
    return hook ? ProgType[hook.program] : ProgType.UNSPEC;
  };
  for (const table of sections.relocations) {
    if (elf.sections[table.info]!.name === MAPS_SECTION && btf) {
      for (const [index, slots] of readMapSlots(table, declared, programs, symbols, btf)) specs[index] = { ...specs[index]!, slots };
    } else if (sections.structOps.some(({ index }) => index === table.info)) {
      for (const [index, members] of readStructOpsMembers(table, maps, functions, typeOf, symbols, btf!)) {
        const { typeId, programs: before } = specs[index]!.structOps!;
        const after = before.map((program, member) => (members.has(member) ? programs.indexOf(members.get(member)!) : program));
        specs[index] = { ...specs[index]!, structOps: { typeId, programs: after } };
      }
    }
  }
  return specs;
}
