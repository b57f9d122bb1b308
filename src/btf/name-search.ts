import { essentialName } from './names.js';

/** Below this number of types an index over all their names costs next to nothing. */
const LARGE = 8192;
/** Bytes searched before an index over all names would have been cheaper: it takes as long as searching the strings of a kernel 15 times. */
const BUDGET = 32 << 20;

/**
 * Finds types by name in large BTF, such as the kernel's, by searching the strings for the name: a loader asks for a handful of the 120,000 names, and
 * an index of them all takes longer than the rest of its work. After a number of searches the index is better.
 */
export class NameSearch {
  readonly #strings: Buffer;
  #budget = BUDGET;
  /** String offsets of names with a flavor, by their essential names. */
  #flavors: Map<string, number[]> | undefined;
  #asked = 0;

  private constructor(
    strings: Uint8Array,
    readonly nameOffsets: Uint32Array,
  ) {
    this.#strings = Buffer.from(strings.buffer, strings.byteOffset, strings.length);
  }

  /** Undefined when searching does not pay, or some name is but the end of another string, where it would not be found; `whole` says that none is. */
  static over(strings: Uint8Array, nameOffsets: Uint32Array, whole: boolean): NameSearch | undefined {
    return nameOffsets.length >= LARGE && (whole || areWhole(strings, nameOffsets)) ? new NameSearch(strings, nameOffsets) : undefined;
  }

  /** Positions of the types with that full, or essential, name, in ascending order; undefined once an index of all names is the better way. */
  positions(name: string, as: 'full' | 'essential'): number[] | undefined {
    if (this.#budget <= 0) return undefined;
    const offsets = as === 'essential' ? [...this.#offsetsOf(name), ...this.#flavorsOf(name)] : this.#offsetsOf(name);
    return offsets.flatMap((offset) => this.#named(offset)).sort((a, b) => a - b);
  }

  /** Where the string stands: once, in all BTF that tools write. */
  #offsetsOf(name: string): number[] {
    const at = this.#strings.indexOf(`\0${name}\0`, 0, 'utf8');
    this.#budget -= at < 0 ? this.#strings.length : at;
    return at < 0 ? [] : [at + 1];
  }

  /** All flavors are found in the time that it takes to find out twice that a name has none. */
  #flavorsOf(name: string): readonly number[] {
    if (!this.#flavors && this.#asked++ === 0 && !this.#strings.includes(`\0${name}___`)) return [];
    this.#flavors ??= flavoredNames(this.#strings);
    return this.#flavors.get(name) ?? [];
  }

  #named(offset: number): number[] {
    const found: number[] = [];
    for (let at = this.nameOffsets.indexOf(offset); at >= 0; at = this.nameOffsets.indexOf(offset, at + 1)) found.push(at);
    return found;
  }
}

function areWhole(strings: Uint8Array, offsets: Uint32Array): boolean {
  for (let i = 0; i < offsets.length; i++) {
    const offset = offsets[i]!;
    if (offset !== 0 && strings[offset - 1] !== 0) return false;
  }
  return true;
}

/** The strings with `___` in them are few: the kernel's have some seventy. */
function flavoredNames(strings: Buffer): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (let at = strings.indexOf('___'); at >= 0; ) {
    const start = strings.lastIndexOf(0, at) + 1;
    const end = strings.indexOf(0, at);
    const name = strings.toString('utf8', start, end);
    const essential = essentialName(name);
    if (essential !== name) found.set(essential, [...(found.get(essential) ?? []), start]);
    at = strings.indexOf('___', end);
  }
  return found;
}
