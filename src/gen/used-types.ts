import type { Btf } from '../btf/btf.js';
import { skipTypedefs } from '../btf/resolve.js';
import type { Access } from '../core-relo/access.js';
import { CoreKind, subjectOf } from '../core-relo/kinds.js';

/** How far a type is looked into by what uses it. */
type Reach =
  /** As the type of a field: not behind pointers. */
  | 'field'
  /** As a whole, behind pointers too, but not the members of structs. */
  | 'shape'
  /** With all members, behind pointers only by name. */
  | 'members'
  | 'members behind a pointer';

type Step = readonly [id: number, reach: Reach];

/** The types of some BTF that relocations were found to lead to, and of structs the members. */
export class UsedTypes {
  readonly #members = new Map<number, Set<number>>();
  readonly #seen: Readonly<Record<Reach, Set<number>>> = {
    field: new Set(),
    shape: new Set(),
    members: new Set(),
    'members behind a pointer': new Set(),
  };

  constructor(readonly btf: Btf) {}

  /** Notes what has to be there for a relocation of this kind to find the same again. */
  add(target: Access, kind: number): void {
    if (subjectOf(kind) === 'field') this.#addPath(target);
    else if (subjectOf(kind) === 'enumerator') this.#addType(target.rootId, 'field');
    else this.#addType(target.rootId, kind === CoreKind.TYPE_MATCHES ? 'members' : 'shape');
  }

  /** In ascending order. */
  ids(): number[] {
    for (const [id, members] of this.#members) this.#keepLast(id, members);
    return [...new Set(Object.values(this.#seen).flatMap((ids) => [...ids]))].sort((a, b) => a - b);
  }

  hasMember(id: number, index: number): boolean {
    return this.#members.get(id)?.has(index) ?? false;
  }

  #addPath({ rootId, raw }: Access): void {
    let id = rootId;
    this.#addType(id, 'field');
    for (const index of raw.slice(1)) {
      const at = skipTypedefs(this.btf, id);
      const type = this.btf.type(at);
      if (type.kind === 'STRUCT' || type.kind === 'UNION') {
        this.#addMember(at, index, 'field');
        id = type.members[index]!.type;
      } else if (type.kind === 'ARRAY') id = type.type;
    }
  }

  #addMember(id: number, index: number, reach: Reach): void {
    const members = this.#members.get(id) ?? new Set();
    this.#members.set(id, members.add(index));
    const type = this.btf.type(id);
    if (type.kind === 'STRUCT' || type.kind === 'UNION') this.#addType(type.members[index]!.type, reach);
  }

  /** Goes on with a list, not by recursion: a hostile file nests as deep as it is long. */
  #addType(first: number, reach: Reach): void {
    const pending: Step[] = [[first, reach]];
    for (let step = pending.pop(); step; step = pending.pop()) {
      const [id, as] = step;
      if (id === 0 || this.#seen[as].has(id)) continue;
      this.#seen[as].add(id);
      pending.push(...this.#next(id, as));
    }
  }

  /** What else is used by the use of a type. */
  #next(id: number, reach: Reach): Step[] {
    const type = this.btf.type(id);
    switch (type.kind) {
      case 'PTR':
        if (reach === 'field') return [];
        return [[type.type, reach === 'shape' ? reach : 'members behind a pointer']];
      case 'ARRAY':
        return [
          [type.type, reach],
          [type.index, reach],
        ];
      case 'FUNC_PROTO':
        return [type.returns, ...type.params.map((param) => param.type)].map((used) => [used, reach]);
      case 'STRUCT':
      case 'UNION':
        if (reach !== 'members') return [];
        this.#members.set(id, new Set(type.members.keys()));
        return type.members.map((member) => [member.type, reach]);
      default:
        return 'type' in type ? [[type.type, reach]] : [];
    }
  }

  /** An array without length may be gone beyond only when it is a struct's last member; it must not become that. */
  #keepLast(id: number, members: Set<number>): void {
    const type = this.btf.type(id);
    if (type.kind !== 'STRUCT' && type.kind !== 'UNION') return;
    const last = type.members[Math.max(...members)]!;
    const lastType = this.btf.type(skipTypedefs(this.btf, last.type));
    if (lastType.kind === 'ARRAY' && lastType.length === 0) this.#addMember(id, type.members.length - 1, 'field');
  }
}
