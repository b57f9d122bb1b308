const FIRST_CAPACITY = 4;

/**
 * Types by signature, in the order in which libbpf's hash table has those of one: the last that was added comes first, and each time when the table grows, at
 * three quarters, the order turns round (hashmap.c). It tells which one of several that are all the same a type becomes.
 */
export class Candidates {
  readonly #lists = new Map<string, number[]>();
  #capacity = 0;
  #size = 0;
  /** Whether lists are the other way round: turned they are only when they are used. */
  #isTurned = false;
  readonly #turned = new Map<string, boolean>();

  add(signature: string, id: number): void {
    if (Math.floor(((this.#size + 1) * 4) / 3) > this.#capacity) {
      this.#capacity = Math.max(this.#capacity * 2, FIRST_CAPACITY);
      this.#isTurned = !this.#isTurned;
    }
    this.#size++;
    const list = this.#inOrder(signature);
    if (list) list.unshift(id);
    else {
      this.#lists.set(signature, [id]);
      this.#turned.set(signature, this.#isTurned);
    }
  }

  /** Those of a signature, in order. */
  of(signature: string): readonly number[] {
    return this.#inOrder(signature) ?? [];
  }

  #inOrder(signature: string): number[] | undefined {
    const list = this.#lists.get(signature);
    if (list && list.length > 1 && this.#turned.get(signature) !== this.#isTurned) list.reverse();
    if (list) this.#turned.set(signature, this.#isTurned);
    return list;
  }
}
