/**
 * Lists by key in the order in which bpftool prints them: that of a hash table whose chains grow at the front and are turned round whenever the
 * table is enlarged (libbpf's hashmap). Nothing should depend on it, but output can then be compared byte for byte.
 */
export class HashOrder<T> {
  readonly #lists = new Map<number, T[]>();
  #size = 0;
  #capacity = 0;

  add(key: number, value: T): void {
    if (this.#capacity === 0 || Math.floor(((this.#size + 1) * 4) / 3) > this.#capacity) this.#enlarge();
    this.#size += 1;
    const list = this.#lists.get(key);
    if (list) list.unshift(value);
    else this.#lists.set(key, [value]);
  }

  lists(): ReadonlyMap<number, readonly T[]> {
    return this.#lists;
  }

  #enlarge(): void {
    this.#capacity = Math.max(4, this.#capacity * 2);
    for (const list of this.#lists.values()) list.reverse();
  }
}
