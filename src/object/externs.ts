import type { Btf } from '../btf/btf.js';
import { alignOf, sizeOf, skipTypedefs } from '../btf/resolve.js';
import { type BtfFunc, type BtfVar, IntEncoding, Linkage } from '../btf/types.js';
import { ParseError } from '../bytes/cursor.js';
import { SectionIndex, SymbolBinding, SymbolType } from '../elf/constants.js';
import type { ElfSymbol } from '../elf/symbols.js';
import { KCONFIG_SECTION, KSYMS_SECTION } from './sections.js';
import type { ExternSpec, KconfigType } from './spec.js';

/** The externs of an object. */
export interface Externs {
  readonly specs: readonly ExternSpec[];
  /** Index of the extern by index of its symbol. */
  readonly bySymbol: ReadonlyMap<number, number>;
  /** Bytes of the `.kconfig` map; 0 when there is none. */
  readonly kconfigSize: number;
}

/** A kconfig value before its place is known. */
interface Found {
  readonly symbol: number;
  readonly spec: ExternSpec;
  readonly align: number;
}

/** Externs have no type and no section, and are seen by other files. */
export function isExtern(symbol: ElfSymbol): boolean {
  return (
    symbol.sectionIndex === SectionIndex.UNDEF &&
    symbol.type === SymbolType.NOTYPE &&
    (symbol.binding === SymbolBinding.GLOBAL || symbol.binding === SymbolBinding.WEAK)
  );
}

/** The name of a symbol; '' when it has none, or it lies outside the strings: what nobody refers to does no harm. */
export function nameOf(symbol: ElfSymbol): string {
  try {
    return symbol.name;
  } catch (error) {
    if (error instanceof ParseError) return '';
    throw error;
  }
}

/**
 * Finds the externs among the symbols, and their types in the BTF.
 *
 * @throws ParseError when one has no type, or one that no extern has
 */
export function findExterns(symbols: readonly ElfSymbol[], btf: Btf | undefined): Externs {
  const wanted = symbols.filter((symbol) => isExtern(symbol) && nameOf(symbol) !== '');
  const sections = wanted.length > 0 && btf ? sectionsOfTypes(btf) : new Map<number, string>();
  const found = wanted.map((symbol) => readExtern(symbol, btf, sections)).sort(compareExterns);
  let kconfigSize = 0;
  const specs = found.map(({ spec, align }) => {
    if (spec.kind !== 'kconfig') return spec;
    const offset = Math.ceil(kconfigSize / align) * align;
    kconfigSize = offset + spec.size;
    return { ...spec, offset };
  });
  return { specs, bySymbol: new Map(found.map(({ symbol }, index) => [symbol, index])), kconfigSize };
}

/** The name of the data section that each type is an entry of. */
function sectionsOfTypes(btf: Btf): Map<number, string> {
  const sections = new Map<number, string>();
  for (const id of btf.ids('DATASEC')) {
    const section = btf.type(id);
    if (section.kind !== 'DATASEC') continue;
    for (const { type } of section.entries) if (!sections.has(type)) sections.set(type, section.name);
  }
  return sections;
}

function readExtern(symbol: ElfSymbol, btf: Btf | undefined, sections: ReadonlyMap<number, string>): Found {
  const refuse = (reason: string): never => {
    throw new ParseError(`extern ${symbol.name}`, 0, reason);
  };
  if (!btf) return refuse('there is no BTF that says what it is');
  const id = btf.findAll(symbol.name).find((candidate) => btf.kind(candidate) === 'VAR' || btf.kind(candidate) === 'FUNC');
  if (id === undefined) return refuse('the BTF does not say what it is');
  const type = btf.type(id) as BtfVar | BtfFunc;
  if (type.linkage !== Linkage.EXTERN) refuse('the BTF says that it is no extern');
  const section = sections.get(id);
  const base = { name: symbol.name, weak: symbol.binding === SymbolBinding.WEAK };
  if (section === KSYMS_SECTION) {
    return {
      symbol: symbol.index,
      spec: { kind: 'ksym', ...base, isFunction: type.kind === 'FUNC', typeId: skipTypedefs(btf, type.type) },
      align: 0,
    };
  }
  if (section !== KCONFIG_SECTION) return refuse(`it is in ${section ?? 'no section'}, neither ${KCONFIG_SECTION} nor ${KSYMS_SECTION}`);
  if (type.kind === 'FUNC') return refuse(`functions cannot be in ${KCONFIG_SECTION}`);
  const kconfig = kconfigType(btf, type.type) ?? refuse('no value of the kernel configuration has this type');
  const size = sizeOf(btf, type.type);
  return { symbol: symbol.index, spec: { kind: 'kconfig', ...base, ...kconfig, size, offset: 0 }, align: alignOf(btf, type.type) };
}

/** Kconfig values lie by descending alignment, then by size and name, kernel symbols after them: what libbpf does, and skeletons rely on. */
function compareExterns(a: Found, b: Found): number {
  if (a.spec.kind !== b.spec.kind) return a.spec.kind === 'kconfig' ? -1 : 1;
  if (a.spec.kind === 'kconfig' && b.spec.kind === 'kconfig') {
    if (a.align !== b.align) return b.align - a.align;
    if (a.spec.size !== b.spec.size) return a.spec.size - b.spec.size;
  }
  return a.spec.name < b.spec.name ? -1 : a.spec.name > b.spec.name ? 1 : 0;
}

function kconfigType(btf: Btf, id: number): { type: KconfigType; signed: boolean } | undefined {
  const type = btf.type(skipTypedefs(btf, id));
  switch (type.kind) {
    case 'INT': {
      if (type.encoding & IntEncoding.BOOL) return type.size === 1 ? { type: 'bool', signed: false } : undefined;
      const signed = (type.encoding & IntEncoding.SIGNED) !== 0;
      if (type.size === 1) return { type: 'char', signed };
      return [2, 4, 8].includes(type.size) ? { type: 'int', signed } : undefined;
    }
    case 'ENUM':
    case 'ENUM64':
      if (type.name !== 'libbpf_tristate' || (type.kind === 'ENUM' && type.size !== 4)) return undefined;
      return { type: 'tristate', signed: false };
    case 'ARRAY':
      return type.length > 0 && kconfigType(btf, type.type)?.type === 'char' ? { type: 'string', signed: false } : undefined;
    default:
      return undefined;
  }
}
