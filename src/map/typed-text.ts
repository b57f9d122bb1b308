// Keys and values as a person writes them, as the bytes that a map takes.
import { arrayForm } from '../btf/codec-array.js';
import { encodeUntyped } from '../btf/literal-bytes.js';
import { encodeLiteral } from '../btf/literal-value.js';
import { skipTypedefs } from '../btf/resolve.js';
import { parseIpv4, parseIpv6, parseMac } from '../bytes/addresses.js';
import { type Literal, parseLiteral } from '../bytes/literal.js';
import { UsageError } from '../errors.js';
import { type EntryTypes, typesOf } from './formats.js';
import type { BpfMap } from './map.js';

/** Writes keys and values of one map by its BTF; by their sizes where it has none. */
export class EntryReader {
  readonly #types: EntryTypes | undefined;

  constructor(readonly map: BpfMap) {
    this.#types = typesOf(map);
  }

  /**
   * A key: what {@link encodeLiteral} takes for its type; of an LPM trie also `10.0.0.0/8` and `2001:db8::/32`. An address alone needs no quotes.
   *
   * @throws UsageError that says what does not fit, and where
   */
  key(text: string): Uint8Array {
    const { info, row, title } = this.map;
    if (info.keySize === 0) throw new UsageError(`${title} has no keys`);
    const literal = literalOf(text, 'key');
    if (row.key === 'lpm' && literal.kind === 'text' && literal.value.includes('/')) return prefixKey(literal.value, info.keySize);
    return this.#encode(literal, this.#types?.key ?? 0, info.keySize, 'key');
  }

  /** A value; of a per-CPU map one that all CPUs get, or a list of one for each CPU. @throws UsageError as {@link key} */
  value(text: string): Uint8Array {
    const { info, title } = this.map;
    if (info.valueSize === 0) throw new UsageError(`${title} has no values`);
    const literal = literalOf(text, 'value');
    const each = this.#perCpu(literal);
    if (!each) return this.#value(literal, 'value');
    const whole = new Uint8Array(this.map.valueBytes);
    const places = this.map.perCpu(whole);
    if (each.length !== places.length)
      throw new UsageError(
        `value: ${each.length} value${each.length === 1 ? '' : 's'} for ${places.length} CPUs: give one for each, or one for all`,
      );
    for (const [cpu, item] of each.entries()) places[cpu]!.set(this.#value(item, `value of CPU ${cpu}`));
    return whole;
  }

  #value(literal: Literal, name: string): Uint8Array {
    return this.#encode(literal, this.#types?.value ?? 0, this.map.info.valueSize, name);
  }

  #encode(literal: Literal, type: number, size: number, name: string): Uint8Array {
    return this.#types && type !== 0 ? encodeLiteral(this.#types.btf, type, literal, name) : encodeUntyped(size, literal, name);
  }

  /** The items of a list by CPU. Where a value is an array itself, that is a list of lists, or of what else an array takes. */
  #perCpu(literal: Literal): readonly Literal[] | undefined {
    if (this.map.row.value !== 'per-cpu' || literal.kind !== 'list') return undefined;
    return this.#isArray() && !literal.items.every((item) => item.kind !== 'whole' && this.#fillsArray(item)) ? undefined : literal.items;
  }

  #isArray(): boolean {
    if (!this.#types) return ![1, 2, 4, 8].includes(this.map.info.valueSize);
    return this.#arrayElement() !== undefined;
  }

  #arrayElement(): number | undefined {
    const { btf, value } = this.#types!;
    const type = btf.type(skipTypedefs(btf, value));
    return type.kind === 'ARRAY' ? type.type : undefined;
  }

  /** Whether an item of a list can be a whole array, and no element of one. */
  #fillsArray(item: Literal): boolean {
    if (!this.#types) return true;
    const { btf } = this.#types;
    const element = btf.type(skipTypedefs(btf, this.#arrayElement()!));
    if (element.kind === 'ARRAY')
      return item.kind === 'list' && item.items.every(({ kind }) => kind === (arrayForm(btf, element) === 'text' ? 'text' : 'list'));
    return item.kind === 'list' || ((item.kind === 'text' || item.kind === 'call') && element.kind === 'INT' && element.size === 1);
  }
}

/** An address or prefix alone needs no quotes, which a shell would take away. */
function literalOf(text: string, name: string): Literal {
  const [address = ''] = text.split('/', 1);
  const isAddress = parseIpv4(address) ?? parseIpv6(address) ?? parseMac(address);
  return isAddress ? { kind: 'text', value: text, at: 0 } : parseLiteral(text, name);
}

const LENGTH_SIZE = 4;

/** struct bpf_lpm_trie_key: the length in the byte order of the machine, then the address in network order. */
function prefixKey(text: string, size: number): Uint8Array {
  const [, address = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const bytes = size === LENGTH_SIZE + 4 ? parseIpv4(address) : size === LENGTH_SIZE + 16 ? parseIpv6(address) : undefined;
  if (!bytes) throw new UsageError(`key: '${text}' is no prefix of ${size - LENGTH_SIZE} bytes`);
  if (Number(length) > bytes.length * 8)
    throw new UsageError(`key: a prefix of ${length} bits is longer than the ${bytes.length * 8} of the address`);
  const key = new Uint8Array(size);
  new DataView(key.buffer).setUint32(0, Number(length), true);
  key.set(bytes, LENGTH_SIZE);
  return key;
}
