import { UsageError } from '../../src/errors.js';

/** What `--filter` says of one key. */
export interface Condition {
  readonly key: string;
  /** Whether it is true of something that has these values under the key: none, one, or those of a list. */
  readonly holds: (values: readonly unknown[]) => boolean;
}

const COMPARED: Record<string, (order: number) => boolean> = {
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
};

/**
 * Reads `KEY=GLOB`, `KEY!=GLOB` or a comparison with a number, in which K, M and G stand for the powers of 1024. A list matches when one of its
 * values does; `KEY=` is true where there is no value, and of no other comparison but `!=` is that true. Throws a UsageError.
 */
export function parseCondition(text: string): Condition {
  const [, key, sign, operand] = /^([^=!<>]+)(!=|>=|<=|=|>|<)(.*)$/s.exec(text) ?? [];
  if (key === undefined || sign === undefined || operand === undefined)
    throw new UsageError(`--filter: '${text}' is no condition such as name=tcp_*, type!=xdp or id>100`);
  if (sign === '=') return { key, holds: equals(operand) };
  if (sign === '!=') return { key, holds: not(equals(operand)) };
  const limit = toNumber(operand);
  if (limit === undefined) throw new UsageError(`--filter ${text}: '${operand}' is not a number`);
  const compared = COMPARED[sign]!;
  return { key, holds: (values) => values.some((value) => inOrder(toNumber(value), limit, compared)) };
}

function equals(operand: string): Condition['holds'] {
  const pattern = glob(operand);
  const number = toNumber(operand);
  const same = (value: unknown) => pattern.test(String(value)) || (number !== undefined && toNumber(value) === number);
  if (operand === '') return (values) => values.every((value) => value === '' || value === null);
  return (values) => values.some(same);
}

function not(holds: Condition['holds']): Condition['holds'] {
  return (values) => !holds(values);
}

function inOrder(value: Amount | undefined, limit: Amount, compared: (order: number) => boolean): boolean {
  return value !== undefined && compared(value < limit ? -1 : value > limit ? 1 : 0);
}

type Amount = bigint | number;

const UNITS: Record<string, bigint> = { '': 1n, K: 1n << 10n, M: 1n << 20n, G: 1n << 30n };

/** A number, or text that is one: `0x10`, `-3`, `1.5`, `4K`, also with the B of bytes or another unit that a column writes behind it. */
export function toNumber(value: unknown): Amount | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'string') return undefined;
  if (/^0x[0-9a-f]+$/i.test(value)) return BigInt(value);
  const [, digits, fraction, unit] = /^(-?\d+)(\.\d+)?(?:([KMG])i?B?|B|ns)?$/i.exec(value) ?? [];
  if (digits === undefined) return undefined;
  const scale = UNITS[unit?.toUpperCase() ?? '']!;
  return fraction === undefined ? BigInt(digits) * scale : Number(digits + fraction) * Number(scale);
}

/** `*` is any text, `?` one character, `[a-z]` one of some. @throws UsageError when it is no pattern; `what` is what it was given for */
export function glob(pattern: string, what = '--filter'): RegExp {
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return `[${part.slice(1, -1).replace(/^!/, '^').replace(/[\\[]/g, '\\$&')}]`;
    return part.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    throw new UsageError(`${what}: '${pattern}' is no pattern`);
  }
}
