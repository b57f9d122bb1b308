import type { Btf } from './btf.js';

const STEPS = 200_000;
const STEPS_PER_TYPE = 200;
const TEXT = 1024 * 1024;
const TEXT_PER_BYTE = 16;
const STEPS_FOR_ONE = 8_000;
const STEPS_PER_MEMBER = 16;
const TEXT_FOR_ONE = 128 * 1024;
const MAX_DEPTH = 500;

/**
 * Keeps hostile types from taking all time and memory: anonymous structs are printed wherever they are used, and a chain of them, each using the next
 * twice, doubles with every link. A kernel's types stay far below all of this.
 */
export class CLimits {
  #steps: number;
  #text: number;

  /** For all types at once. */
  constructor(
    readonly btf: Btf,
    steps = STEPS + STEPS_PER_TYPE * btf.count,
    text = TEXT + TEXT_PER_BYTE * bytesOf(btf),
  ) {
    this.#steps = steps;
    this.#text = text;
  }

  /** For one type with `members` of its own, of many that may be asked for one by one. */
  static forOne(btf: Btf, members: number): CLimits {
    return new CLimits(btf, STEPS_FOR_ONE + members * STEPS_PER_MEMBER, TEXT_FOR_ONE + members * STEPS_PER_TYPE);
  }

  /** One more step, at a type that is `depth` types within another. @throws ParseError */
  step(id: number, depth: number): void {
    if (depth > MAX_DEPTH) this.btf.fail(id, 'types nest too deep');
    if (--this.#steps < 0) this.btf.fail(id, 'types nest without end');
  }

  /** That many more characters. @throws ParseError */
  text(length: number): void {
    this.#text -= length;
    if (this.#text < 0) this.btf.fail(0, 'the C code would be too long');
  }
}

/** Its base's included. */
function bytesOf(btf: Btf): number {
  return btf.bytes.length + (btf.base ? bytesOf(btf.base) : 0);
}
