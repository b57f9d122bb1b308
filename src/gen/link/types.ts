import type { Btf } from '../../btf/btf.js';
import { type BtfDatasec, type BtfType, Linkage } from '../../btf/types.js';
import { ParseError } from '../../bytes/cursor.js';
import { references, renumbered } from '../references.js';
import type { LinkInput } from './input.js';
import { isExtern, type LinkedSection } from './output.js';
import type { Global, Placed } from './symbols.js';

/** Clang lists extern variables without a section here. */
const EXTERN = '.extern';

/** The types of all objects one behind the other, but that a global variable or function has one type, of where it is defined. */
export class TypeMerger {
  /** By id - 1. Data sections are not among them: their variables are listed by the sections. */
  readonly types: BtfType[] = [];

  constructor(
    readonly globals: ReadonlyMap<string, Global>,
    /** The section of that name in the result, which is made if need be. */
    readonly sectionNamed: (name: string) => LinkedSection,
  ) {}

  /**
   * Adds an object's types after its symbols, and gives their ids among all by the ids they had. What is declared and is not in the result (the license of
   * a second object) has none.
   *
   * @param placed where contents of the section of a name went
   */
  add(input: LinkInput, placed: (name: string) => Placed | 'left out' | undefined): ReadonlyMap<number, number> {
    const { btf } = input;
    const ids = new Map([[0, 0]]);
    if (!btf) return ids;
    const added: [id: number, type: BtfType][] = [];
    for (const id of this.#kept(btf)) {
      const type = btf.type(id);
      const global = this.#globalOf(type);
      const newId = global?.typeId ?? this.types.push(type);
      if (newId === this.types.length || global?.owner === input) added.push([newId, type]);
      ids.set(id, newId);
      if (global) global.typeId = newId;
    }
    for (const [id, type] of added) this.types[id - 1] = renumbered(type, (old) => ids.get(old) ?? refuse(input, old));
    for (const id of btf.ids('DATASEC')) this.#addEntries(input, btf.type(id) as BtfDatasec, ids, placed);
    return ids;
  }

  /** Variables without a symbol are in a section that is left out: symbols were added before. Their tags go with them. */
  *#kept(btf: Btf): Generator<number> {
    const isKept = (type: BtfType) =>
      type.kind !== 'DATASEC' && (type.kind !== 'VAR' || type.linkage === Linkage.STATIC || this.globals.has(type.name));
    for (const id of btf.ids()) {
      const type = btf.type(id);
      if (isKept(type) && (type.kind !== 'DECL_TAG' || isKept(btf.type(type.type)))) yield id;
    }
  }

  /** All types; functions that were declared without names of their parameters, and are defined elsewhere, leave void behind. */
  used(): BtfType[] {
    const referred = new Set(this.types.flatMap((type) => references(type)));
    return this.types.map((type, index) => (type.kind === 'FUNC_PROTO' && !referred.has(index + 1) ? { kind: 'VOID' } : type));
  }

  #globalOf(type: BtfType): Global | undefined {
    const mayBe = (type.kind === 'VAR' || type.kind === 'FUNC') && type.linkage !== Linkage.STATIC;
    return mayBe ? this.globals.get(type.name) : undefined;
  }

  #addEntries(
    input: LinkInput,
    datasec: BtfDatasec,
    ids: ReadonlyMap<number, number>,
    placed: (name: string) => Placed | 'left out' | undefined,
  ): void {
    if (datasec.name === EXTERN) return;
    const place = placed(datasec.name);
    if (place === 'left out') return;
    const section = place?.section ?? this.sectionNamed(datasec.name);
    section.hasTypes = true;
    for (const { type, offset, size } of datasec.entries) {
      const typeId = ids.get(type);
      if (typeId === undefined) continue;
      const global = this.#globalOf(input.btf!.type(type));
      if (!global) section.entries.push({ typeId, offset: (place?.offset ?? 0) + offset, size, gone: false });
      else if (global.owner === input) listGlobal(global, section, size, typeId);
    }
  }
}

function refuse({ what, btf }: LinkInput, id: number): never {
  throw new ParseError(`${what}: .BTF`, 0, `a type refers to ${btf!.name(id) || `type ${id}`}, which is left out`);
}

/** A global is listed in the section that it is defined in; a declaration before may have listed it in another. */
function listGlobal(global: Global, section: LinkedSection, size: number, typeId: number): void {
  const { symbol, entry: before } = global;
  const offset = isExtern(symbol) ? 0 : symbol.value;
  if (before?.section === section) {
    before.entry.offset = offset;
    before.entry.size = size;
    return;
  }
  if (before) before.entry.gone = true;
  const entry = { typeId, offset, size, gone: false };
  section.entries.push(entry);
  global.entry = { section, entry };
}
