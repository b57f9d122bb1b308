import type { BtfType } from '../../btf/types.js';

const UNSETTLED = -1;

/** The types of a base and of what goes on from it, and which of them have been found to be the same as which. */
export class Known {
  /** By id: what the type is the same as, itself when it stays. */
  readonly #same: Int32Array;

  /**
   * @param types by id, void included; changed when it is known what the types of one have become
   * @param startId of the first that is not the base's
   * @param what names them in errors
   */
  constructor(
    readonly types: BtfType[],
    readonly startId: number,
    readonly what: string,
  ) {
    this.#same = new Int32Array(types.length).fill(UNSETTLED);
    for (let id = 0; id < types.length; id++) {
      const { kind } = types[id]!;
      // Variables and sections are kept, however alike.
      if (id < startId || kind === 'VAR' || kind === 'DATASEC') this.#same[id] = id;
    }
  }

  become(id: number, other: number): void {
    this.#same[id] = other;
  }

  isSettled(id: number): boolean {
    return this.#same[id] !== UNSETTLED;
  }

  /** Whether it stays what it is. */
  stays(id: number): boolean {
    return this.#same[id] === id;
  }

  /** What it is the same as in the end. */
  resolve(id: number): number {
    let at = id;
    for (let next = this.#same[at]!; next !== UNSETTLED && next !== at; next = this.#same[at]!) at = next;
    return at;
  }

  /** The struct or union that a declaration has been found to be; all else is itself. */
  definitionOf(id: number): number {
    if (this.types[id]!.kind !== 'FWD') return id;
    const found = this.resolve(id);
    return this.types[found]!.kind === 'FWD' ? id : found;
  }
}
