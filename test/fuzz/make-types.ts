import { RawBtf } from '../btf/build.js';
import type { Random } from './random.js';

const NAMES = ['', '', 'a', 'b', 'value', 'task_struct', 'task_struct___x', 'int', '1st', 'struct', 'arg:ctx', '.maps'];
const LENGTHS = [0, 1, 1, 2, 3, 16, 1000, 0x7fffffff, 0xffffffff];
const SIZES = [0, 1, 2, 4, 8, 16, 24, 4096, 0x10000000, 0xffffffff];
const CHAINED = [2, 3, 4, 5, 8, 9, 10, 11, 13, 18];

/** How types refer to each other: to any, to those before or behind them, or each to the next, in a chain. */
type Reach = (id: number, count: number, random: Random) => number;

const REACHES: readonly Reach[] = [
  (_, count, random) => random.below(count + 1),
  (id, _, random) => random.below(id),
  (id, count, random) => Math.min(count, id + random.below(4)),
  (id, _, random) => Math.max(0, id - 1 - random.below(2)),
  (id) => id - 1,
  (id, count) => (id % count) + 1,
];

/** Types that are well-formed one by one, and refer to each other as they like: in circles, in long chains, doubling with every step. */
export function makeTypes(random: Random): Uint8Array {
  const raw = new RawBtf(!random.once(8));
  const count = random.once(400) ? 20_000 : random.once(4) ? 300 : 2 + random.below(24);
  const reach = random.pick(REACHES);
  const kinds = random.once(2) ? [random.pick(CHAINED), random.pick(CHAINED)] : undefined;
  const names = NAMES.map((name) => (name === '' ? 0 : raw.string(name)));
  raw.int('int', 4, 1);
  for (let id = 2; id <= count; id++) {
    const name = random.once(3) || kinds ? 0 : random.pick(names);
    addType(raw, kinds ? random.pick(kinds) : 1 + random.below(19), name, () => reach(id, count, random), random, names);
  }
  return raw.bytes();
}

function addType(raw: RawBtf, kind: number, name: number, to: () => number, random: Random, names: readonly number[]): void {
  const vlen = 1 + random.below(random.once(8) ? 40 : 3);
  const each = (make: () => number[]) => Array.from({ length: vlen }, make).flat();
  const flag = random.once(3);
  const offset = () => (flag ? (random.below(3) << 24) | random.below(64) : random.below(9) * 8);
  const member = () => random.pick(names);
  switch (kind) {
    case 1:
      return void raw.type(kind, name, 0, random.pick([1, 2, 4, 8, 16, 3]), [
        (random.below(8) << 24) | (random.below(9) << 16) | random.below(129),
      ]);
    case 3:
      return void raw.type(kind, name, 0, 0, [to(), to(), random.pick(LENGTHS)]);
    case 4:
    case 5:
      return void raw.type(
        kind,
        name,
        vlen,
        random.pick(SIZES),
        each(() => [member(), to(), offset()]),
        flag,
      );
    case 6:
      return void raw.type(
        kind,
        name,
        vlen,
        random.pick([1, 2, 4, 8]),
        each(() => [member(), random.word()]),
        flag,
      );
    case 13:
      return void raw.type(
        kind,
        0,
        vlen,
        to(),
        each(() => [member(), to()]),
      );
    case 14:
    case 17:
      return void raw.type(kind, name, 0, to(), [random.once(2) ? random.below(4) : 0xffffffff]);
    case 15:
      return void raw.type(
        kind,
        name,
        vlen,
        random.pick(SIZES),
        each(() => [to(), random.pick(SIZES), random.pick(SIZES)]),
      );
    case 16:
      return void raw.type(kind, name, 0, random.pick([2, 4, 8, 12, 16]));
    case 19:
      return void raw.type(
        kind,
        name,
        vlen,
        8,
        each(() => [member(), random.word(), random.word()]),
        flag,
      );
    default:
      return void raw.type(kind, name, 0, to(), [], flag);
  }
}
