import type { BtfType } from '../btf/types.js';
import { refineClasses } from './partition.js';
import { references, renumbered } from './references.js';

/** Types without repetitions. */
export interface Deduplicated {
  readonly types: readonly BtfType[];
  /** The new id by the old one. Void stays void. */
  readonly ids: readonly number[];
}

/**
 * Makes one type of all that cannot be told apart: of the same kind, name and layout, and made of types that cannot be told apart. The first of them
 * stays, and the order.
 *
 * What is only declared (a FWD, an enum without values) becomes the struct, union or enum of its name when all definitions of that name are the same.
 * Variables and data sections are all kept, void is not. Struct, function and typedef are told apart by their declaration tags as well.
 *
 * It starts from classes of types that look alike by themselves and splits those whose members lead to different classes, until nothing splits:
 * types that refer to each other in circles need no further care.
 */
export function dedupTypes(types: readonly BtfType[]): Deduplicated {
  const graph = new TypeGraph(types);
  let classes = graph.classes();
  // Declarations were taken for definitions; where those differ they stay what they are, which may tell apart other types.
  while (graph.giveUpAmbiguous(classes)) classes = graph.classes();
  return graph.keepFirst(classes);
}

class TypeGraph {
  /** By id. */
  readonly #types: readonly BtfType[];
  /** What a declaration is taken for: the id of a definition. */
  readonly #meant = new Map<number, number>();
  readonly #definitions: ReadonlyMap<string, readonly number[]>;
  readonly #looks: readonly string[];

  constructor(types: readonly BtfType[]) {
    this.#types = [{ kind: 'VOID' }, ...types];
    this.#definitions = definitionsByName(this.#types);
    for (const [id, type] of this.#types.entries()) {
      const definition = this.#definitions.get(declared(type) ?? '')?.[0];
      if (definition !== undefined) this.#meant.set(id, definition);
    }
    const tags = tagsByType(this.#types);
    this.#looks = this.#types.map((type, id) => appearance(type, id) + (tags.get(id) ?? ''));
  }

  /** The class of each type: a number that is the same for types that cannot be told apart. */
  classes(): Uint32Array {
    const of = new Uint32Array(this.#types.length);
    const looks = new Map<string, number>();
    for (let id = 0; id < of.length; id++) of[id] = numberOf(looks, this.#looks[this.#meant.get(id) ?? id]!, looks.size);
    refineClasses(of, { size: of.length, leadsTo: (id) => references(this.#types[this.#meant.get(id) ?? id]!) });
    return of;
  }

  /** Lets declarations be declarations whose definitions turned out to differ; false when there are none. */
  giveUpAmbiguous(classes: Uint32Array): boolean {
    const ambiguous = [...this.#meant.keys()].filter((id) => {
      const definitions = this.#definitions.get(declared(this.#types[id]!)!)!;
      return definitions.some((definition) => classes[definition] !== classes[definitions[0]!]);
    });
    for (const id of ambiguous) this.#meant.delete(id);
    return ambiguous.length > 0;
  }

  keepFirst(classes: Uint32Array): Deduplicated {
    const firsts = new Map<number, number>();
    for (const [id, type] of this.#types.entries()) {
      if (type.kind !== 'VOID' && !this.#meant.has(id) && !firsts.has(classes[id]!)) firsts.set(classes[id]!, id);
    }
    const newIds = new Map([...firsts.keys()].map((each, index) => [each, index + 1] as const));
    const ids = Array.from(classes, (each) => newIds.get(each) ?? 0);
    return { types: [...firsts.values()].map((id) => renumbered(this.#types[id]!, (old) => ids[old]!)), ids };
  }
}

/** The number of a key; a new one gets `next`. */
function numberOf(numbers: Map<string, number>, key: string, next: number): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, next);
  return next;
}

/** What a declaration declares; undefined for all else. */
function declared(type: BtfType): string | undefined {
  if (type.kind === 'FWD') return `${type.union ? 'UNION' : 'STRUCT'} ${type.name}`;
  return (type.kind === 'ENUM' || type.kind === 'ENUM64') && type.values.length === 0 && type.name ? `ENUM ${type.name}` : undefined;
}

function definitionsByName(types: readonly BtfType[]): Map<string, number[]> {
  const definitions = new Map<string, number[]>();
  for (const [id, type] of types.entries()) {
    const kind = type.kind === 'ENUM64' ? 'ENUM' : type.kind;
    if ((kind !== 'STRUCT' && kind !== 'UNION' && kind !== 'ENUM') || declared(type) !== undefined) continue;
    const name = `${kind} ${(type as { name: string }).name}`;
    append(definitions, name, id);
  }
  return definitions;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** What sets a type apart by itself, whatever it refers to. */
function appearance(type: BtfType, id: number): string {
  switch (type.kind) {
    case 'VAR':
    case 'DATASEC':
      return `${type.kind} ${id}`;
    case 'STRUCT':
    case 'UNION':
      return JSON.stringify({ ...type, members: type.members.map((member) => [member.name, member.bitOffset, member.bitfieldSize]) });
    case 'FUNC_PROTO':
      // The last parameter of type void stands for any number of them.
      return JSON.stringify([type.kind, type.params.map(({ name }) => name)]);
    case 'ENUM':
    case 'ENUM64':
      return JSON.stringify({ ...type, values: type.values.map(({ name, value }) => [name, String(value)]) });
    case 'ARRAY':
      return JSON.stringify([type.kind, type.length]);
    default:
      return JSON.stringify('type' in type ? { ...type, type: 0 } : type);
  }
}

/** The declaration tags of structs, functions and typedefs, in any order. */
function tagsByType(types: readonly BtfType[]): Map<number, string> {
  const tags = new Map<number, string[]>();
  for (const type of types) {
    if (type.kind !== 'DECL_TAG') continue;
    const text = JSON.stringify([type.name, type.componentIndex]);
    append(tags, type.type, text);
  }
  return new Map([...tags].map(([id, texts]) => [id, [...new Set(texts)].sort().join()]));
}
