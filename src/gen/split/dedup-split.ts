import type { BtfType } from '../../btf/types.js';
import { ParseError } from '../../bytes/cursor.js';
import { renumbered } from '../references.js';
import { Candidates } from './candidates.js';
import { Equivalence } from './equivalence.js';
import { Known } from './known.js';
import { isCompatibleEnum, isDeclaredEnum, isSameEnum, signatureOf } from './signature.js';

const MAX_DEPTH = 1000;

/**
 * Makes one type of those that are the same, of types that go on from a base, which stays as it is (btf__dedup of libbpf, with a split BTF). One becomes a type
 * of the base only when there is one that refers to the same ids: where the base repeats itself, that is not sure.
 *
 * @param types by id, void and the base's included
 * @returns those that are left, from `startId` on
 * @throws ParseError when types go round in a circle without a struct, or nest without end
 */
export function dedupSplit(types: readonly BtfType[], startId: number, what: string): BtfType[] {
  return new SplitTypes([...types], startId, what).left();
}

class SplitTypes {
  readonly #known: Known;
  readonly #candidates = new Candidates();
  readonly #equivalence: Equivalence;
  readonly #inProgress = new Set<number>();

  constructor(
    readonly types: BtfType[],
    readonly startId: number,
    readonly what: string,
  ) {
    this.#known = new Known(types, startId, what);
    this.#equivalence = new Equivalence(this.#known);
    for (let id = 1; id < startId; id++) if (!isKept(types[id]!)) this.#candidates.add(signatureOf(types[id]!), id);
  }

  /** In the order of libbpf, since what is found first has a say in what comes then. */
  left(): BtfType[] {
    this.#each((id, type) => this.#unlinked(id, type));
    this.#each((id, type) => this.#composite(id, type));
    this.#declarations();
    for (let id = this.startId; id < this.types.length; id++) this.#reference(id, 0);
    return this.#compacted();
  }

  #each(visit: (id: number, type: BtfType) => void): void {
    for (let id = this.startId; id < this.types.length; id++) visit(id, this.types[id]!);
  }

  /** A type that refers to none. */
  #unlinked(id: number, type: BtfType): void {
    switch (type.kind) {
      case 'INT':
      case 'FLOAT':
      case 'FWD':
        return this.#settle(id, type, this.#candidates.of(signatureOf(type))[0]);
      case 'ENUM':
      case 'ENUM64':
        return this.#settle(id, type, this.#enumLike(id, type));
    }
  }

  /** Looks for an enum; declarations that it passes become this one. */
  #enumLike(id: number, type: Extract<BtfType, { kind: 'ENUM' | 'ENUM64' }>): number | undefined {
    for (const each of this.#candidates.of(signatureOf(type))) {
      const other = this.types[each]!;
      if (other.kind !== 'ENUM' && other.kind !== 'ENUM64') continue;
      if (isSameEnum(type, other)) return each;
      if (!isCompatibleEnum(type, other)) continue;
      if (isDeclaredEnum(type)) return each;
      this.#known.become(each, id);
    }
    return undefined;
  }

  #composite(id: number, type: BtfType): void {
    if (this.#known.isSettled(id) || (type.kind !== 'STRUCT' && type.kind !== 'UNION' && type.kind !== 'TYPEDEF')) return;
    const same = this.#candidates.of(signatureOf(type)).find((each) => this.#equivalence.holds(id, each));
    this.#settle(id, type, same);
  }

  /** A declaration of a struct is the only struct of its name, when there is but one. */
  #declarations(): void {
    const only = new Map<string, number | undefined>();
    for (const [id, type] of this.types.entries()) {
      if ((type.kind !== 'STRUCT' && type.kind !== 'UNION') || !this.#known.stays(id)) continue;
      only.set(type.name, only.has(type.name) ? undefined : id);
    }
    this.#each((id, type) => {
      if (type.kind !== 'FWD' || !this.#known.stays(id)) return;
      const found = only.get(type.name);
      if (found !== undefined && this.types[found]!.kind === (type.union ? 'UNION' : 'STRUCT')) this.#known.become(id, found);
    });
  }

  /** Settles a type that refers to others, after those. Returns what it has become. */
  #reference(id: number, depth: number): number {
    if (this.#inProgress.has(id)) throw new ParseError(this.what, 0, `type ${id} contains itself`);
    if (depth > MAX_DEPTH) throw new ParseError(this.what, 0, `type ${id}: types nest too deep`);
    if (!this.#known.isSettled(id)) {
      this.#inProgress.add(id);
      const type = renumbered(this.types[id]!, (to) => this.#reference(to, depth + 1));
      this.types[id] = type;
      this.#inProgress.delete(id);
      this.#settle(id, type, this.#candidates.of(signatureOf(type))[0]);
    }
    return this.#known.resolve(id);
  }

  #settle(id: number, type: BtfType, same: number | undefined): void {
    this.#known.become(id, same ?? id);
    if (same === undefined) this.#candidates.add(signatureOf(type), id);
  }

  #compacted(): BtfType[] {
    const newIds = new Map<number, number>();
    this.#each((id) => {
      if (this.#known.stays(id)) newIds.set(id, this.startId + newIds.size);
    });
    const idOf = (to: number): number => {
      const found = this.#known.resolve(to);
      return found < this.startId ? found : newIds.get(found)!;
    };
    return [...newIds.keys()].map((id) => renumbered(this.types[id]!, idOf));
  }
}

/** Variables and sections are not looked at. */
function isKept({ kind }: BtfType): boolean {
  return kind === 'VAR' || kind === 'DATASEC';
}
