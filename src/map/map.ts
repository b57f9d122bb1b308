import {
  mapCreate,
  mapDeleteElem,
  mapFreeze,
  mapGetFdById,
  mapGetNextId,
  mapGetNextKey,
  mapLookupAndDeleteElem,
  mapLookupElem,
  mapUpdateElem,
  objPin,
} from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { raiseMemlockLimit } from '../../native/system.js';
import { Refusal, UsageError } from '../errors.js';
import { type MapTypeRow, mapType, perCpuStep, valueBytes } from '../kernel/map-types.js';
import { openPin } from '../system/bpffs.js';
import { possibleCpus } from '../system/cpus.js';
import { unlessGone } from '../system/gone.js';
import { type MapAttributes, mapCreateAttr } from './create.js';
import { type MapInfo, type MapState, readMapInfo, readMapState } from './info.js';
import { mapRefused } from './refused.js';

/** How a map is opened: a descriptor for reading alone cannot change it, and is given where one for writing is not. */
export type Access = 'read' | 'write' | 'both';
const OPEN_FLAGS: Readonly<Record<Access, number>> = { both: 0, read: 1 << 3, write: 1 << 4 };

/** Whether an update may create (`any`), has to create (`noexist`) or may not create (`exist`) the element. */
export type UpdateMode = 'any' | 'noexist' | 'exist';
const UPDATE_FLAGS: Readonly<Record<UpdateMode, number>> = { any: 0, noexist: 1, exist: 2 };

/**
 * A map in the kernel. Owns its descriptor. Keys and values are the bytes that the kernel holds, in the byte order of the machine; a size that
 * is not the map's throws a {@link UsageError}, and what the kernel refuses an Error that says what was tried, with the SyscallError as its cause.
 */
export class BpfMap implements Disposable {
  readonly info: MapInfo;
  readonly row: MapTypeRow;
  readonly #fd: Fd;
  #valueBytes: number | undefined;

  /** Takes over the descriptor of a map. */
  constructor(fd: Fd) {
    this.#fd = fd;
    try {
      this.info = readMapInfo(fd.number);
    } catch (error) {
      fd[Symbol.dispose]();
      throw new Error('read what the kernel says on a map', { cause: error });
    }
    this.row = mapType(this.info.type);
  }

  /** Creates a map. Needs CAP_BPF, some types CAP_NET_ADMIN. */
  static create(attributes: MapAttributes): BpfMap {
    try {
      return new BpfMap(withMemlock(() => mapCreate(mapCreateAttr(attributes))));
    } catch (error) {
      throw mapRefused(attributes.name ?? '', attributes, error);
    }
  }

  /** Opens a map by its id. Needs CAP_SYS_ADMIN. */
  static fromId(id: number, access: Access = 'both'): BpfMap {
    try {
      return new BpfMap(mapGetFdById(id, OPEN_FLAGS[access]));
    } catch (error) {
      if (isErrno(error, 'ENOENT')) throw new Error(`there is no map with id ${id}`, { cause: error });
      throw new Error(`open map ${id}`, { cause: error });
    }
  }

  /** Opens the map that is pinned at a path. A path at which something else is pinned throws a {@link UsageError}. */
  static fromPin(path: string, access: Access = 'both'): BpfMap {
    return new BpfMap(openPin(path, 'map', OPEN_FLAGS[access]));
  }

  /** The ids of all maps, in ascending order. Needs CAP_SYS_ADMIN. */
  static *ids(): Generator<number> {
    for (let id = mapGetNextId(0); id !== undefined; id = mapGetNextId(id)) yield id;
  }

  /** All maps, each to be disposed of by who takes it. One that goes away meanwhile is passed over. */
  static *all(access: Access = 'read'): Generator<BpfMap> {
    for (const id of BpfMap.ids()) {
      const map = unlessGone(() => mapGetFdById(id, OPEN_FLAGS[access]));
      if (map) yield new BpfMap(map);
    }
  }

  get id(): number {
    return this.info.id;
  }

  /** Bytes of a value as the kernel reads and writes it: for a per-CPU map those of all possible CPUs. */
  get valueBytes(): number {
    const { type, valueSize } = this.info;
    this.#valueBytes ??= valueBytes(type, valueSize, this.row.value === 'per-cpu' ? possibleCpus() : 1);
    return this.#valueBytes;
  }

  get name(): string {
    return this.info.name;
  }

  /** The descriptor, for calls that take a map; it stays this handle's. */
  get fd(): number {
    return this.#fd.number;
  }

  /** A second descriptor of the map, which is the caller's. */
  duplicate(): Fd {
    return this.#fd.duplicate();
  }

  /** What changes while the map lives, read anew each time. */
  get state(): MapState {
    return readMapState(this.fd);
  }

  /** The value of a key in memory of its own, or undefined when there is none. Maps without keys (queue, stack) give their head. */
  lookup(key?: Uint8Array): Uint8Array | undefined {
    this.#checkKey(key);
    if (this.row.lookup === 'asks') throw new UsageError(`${this.title} only answers whether a given value may be in it`);
    const value = new Uint8Array(this.valueBytes);
    return this.#attempt('look up an element of', () => mapLookupElem(this.fd, key, value)) ? value : undefined;
  }

  /** Whether a bloom filter may hold a value; when it says no, it does not. Since 5.16. */
  mayContain(value: Uint8Array): boolean {
    if (this.row.lookup !== 'asks') throw new UsageError(`${this.title} is no bloom filter`);
    this.#checkSize('value', value, this.info.valueSize);
    return this.#attempt('look up a value in', () => mapLookupElem(this.fd, undefined, value));
  }

  /**
   * Writes an element. A per-CPU map takes one value, which all CPUs get, or one for each (see {@link valueBytes}). A map that holds
   * programs, maps or sockets takes their descriptor.
   */
  update(key: Uint8Array | undefined, value: Uint8Array | number, mode: UpdateMode = 'any'): void {
    this.#checkKey(key);
    const bytes = typeof value === 'number' ? this.#descriptor(value) : this.#wholeValue(value);
    this.#attempt('update', () => mapUpdateElem(this.fd, key, bytes, UPDATE_FLAGS[mode]));
  }

  /** Adds to a queue, stack or bloom filter. A full one refuses, or gives up its oldest when `replace` is set (queue and stack). */
  push(value: Uint8Array, replace = false): void {
    this.update(undefined, value, replace ? 'exist' : 'any');
  }

  /** Deletes an element; false when there was none. */
  delete(key: Uint8Array): boolean {
    this.#checkKey(key);
    return this.#attempt('delete from', () => mapDeleteElem(this.fd, key));
  }

  /** The key after `key`, or the first; undefined at the end. A key that is gone may start the walk anew: {@link rows} copes with that. */
  next(key?: Uint8Array): Uint8Array | undefined {
    if (key) this.#checkKey(key);
    const next = new Uint8Array(this.info.keySize);
    return this.#attempt('find the next key of', () => mapGetNextKey(this.fd, key, next)) ? next : undefined;
  }

  /** Takes an element out: the head of a queue or stack, or that of a key (hash maps since 5.14). Undefined when there is none. */
  pop(key?: Uint8Array): Uint8Array | undefined {
    this.#checkKey(key);
    const value = new Uint8Array(this.valueBytes);
    return this.#attempt('pop', () => mapLookupAndDeleteElem(this.fd, key, value)) ? value : undefined;
  }

  /** The head of a queue or stack, which stays in it. */
  peek(): Uint8Array | undefined {
    return this.lookup();
  }

  /** One CPU's value after the other, of what {@link lookup} gave. A map that is not per CPU has one. */
  perCpu(value: Uint8Array): Uint8Array[] {
    const { valueSize } = this.info;
    if (this.row.value !== 'per-cpu') return [value];
    const step = perCpuStep(valueSize);
    return Array.from({ length: this.valueBytes / step }, (_, cpu) => value.subarray(cpu * step, cpu * step + valueSize));
  }

  /** User space can no longer write to it. Since 5.2. */
  freeze(): void {
    this.#attempt('freeze', () => mapFreeze(this.fd));
  }

  /** Makes the map stay, and be found, at a path on a bpffs. */
  pin(path: string): void {
    this.#attempt('pin', () => objPin(this.fd, path), ` at ${path}`);
  }

  /** What messages call it: `map counts (id 7)`. */
  get title(): string {
    return this.name === '' ? `map ${this.id}` : `map ${this.name} (id ${this.id})`;
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }

  #checkKey(key: Uint8Array | undefined): void {
    this.#checkSize('key', key, this.info.keySize);
  }

  #checkSize(what: string, bytes: Uint8Array | undefined, wanted: number): void {
    const given = bytes?.length ?? 0;
    if (given === wanted) return;
    throw new UsageError(wanted === 0 ? `${this.title} has no ${what}s` : `${this.title} takes ${what}s of ${wanted} bytes, not ${given}`);
  }

  #wholeValue(value: Uint8Array): Uint8Array {
    if (value.length === this.valueBytes) return value;
    this.#checkSize('value', value, this.info.valueSize);
    const whole = new Uint8Array(this.valueBytes);
    for (const place of this.perCpu(whole)) place.set(value);
    return whole;
  }

  #descriptor(fd: number): Uint8Array {
    const { valueBytes: size } = this;
    if (size !== 4 && size !== 8) throw new UsageError(`${this.title} does not hold descriptors: its values have ${size} bytes`);
    const bytes = new Uint8Array(size);
    new DataView(bytes.buffer).setUint32(0, fd, true);
    return bytes;
  }

  #attempt<T>(verb: string, call: () => T, rest = ''): T {
    try {
      return call();
    } catch (error) {
      const why = explainElement(this, verb, error);
      // A refusal that is understood needs no guess at what else may be behind it.
      if (why !== '' && error instanceof SyscallError)
        throw new Refusal(`${verb} ${this.title}${rest}${why}`, error.errno, { cause: error });
      throw new Error(`${verb} ${this.title}${rest}`, { cause: error });
    }
  }
}

// What an errno means to a map, where its name alone would mislead.
const EXPLAINED: readonly (readonly [verb: string, code: string, applies: (map: BpfMap) => boolean, text: (map: BpfMap) => string])[] = [
  ['update', 'E2BIG', () => true, ({ info }) => `: it is full or its index too large (${info.maxEntries} entries)`],
  // bpf_map_meta_equal(); from 5.15 to 6.1 maps with and without types differ by what stands for `no timer` in them.
  [
    'update',
    'EINVAL',
    ({ row }) => row.value === 'map',
    () => ': all maps that it holds have the same type, sizes and flags (and up to 6.1 all have types, or none has)',
  ],
  ['update', 'EPERM', (map) => map.state.frozen, () => ': it is frozen'],
  ['delete from', 'EPERM', (map) => map.state.frozen, () => ': it is frozen'],
  ['pop', 'ENOTSUPP', ({ row }) => row.key !== 'none', () => ': taking out by key needs a hash map, and Linux 5.14'],
  ['freeze', 'EPERM', (map) => map.state.frozen, () => ': it is frozen already'],
  ['freeze', 'EBUSY', (map) => map.state.frozen, () => ': it is frozen already'],
  ['freeze', 'EBUSY', () => true, () => ': it is being written, or mapped for writing'],
];

function explainElement(map: BpfMap, verb: string, error: unknown): string {
  const row = EXPLAINED.find(([when, code, applies]) => when === verb && isErrno(error, code) && applies(map));
  return row?.[3](map) ?? '';
}

/** Kernels before 5.11 count maps against RLIMIT_MEMLOCK, and say EPERM when it is used up. */
function withMemlock(create: () => Fd): Fd {
  try {
    return create();
  } catch (error) {
    if (!isErrno(error, 'EPERM')) throw error;
    raiseMemlockLimit();
    return create();
  }
}
