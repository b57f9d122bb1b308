// Writing an import: what is to be done is found out first, done in batches, and taken back when the kernel refuses a part of it.
import { mapBatch, mapGetFdById, progGetFdById } from '../../native/bpf.js';
import { isErrno, type SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { UsageError } from '../errors.js';
import { isArray } from './count.js';
import type { Imported, ImportedEntry } from './import.js';
import type { BpfMap, UpdateMode } from './map.js';
import { rows } from './rows.js';

export interface ImportOptions {
  /** `noexist` refuses elements that are there, `exist` those that are not. */
  readonly mode?: UpdateMode;
  /** Elements that are not in the file are deleted. */
  readonly replace?: boolean;
}

/** An element that is to be written (or, without a value, deleted), and what it was. */
interface Step {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
  readonly before: Uint8Array | undefined;
  readonly line?: number;
}

/** How many elements an import adds, changes, leaves as they are, and deletes. */
export interface ImportCounts {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
  readonly deleted: number;
}

/** What an import would do to a map. The map is only read. */
export class ImportPlan {
  readonly counts: ImportCounts;
  readonly #steps: readonly Step[];

  /** @throws UsageError when the mode, the map's kind or its state forbids a part of it */
  constructor(
    readonly map: BpfMap,
    { entries, keys }: Imported,
    { mode = 'any', replace = false }: ImportOptions = {},
  ) {
    if (map.state.frozen) throw new UsageError(`${map.title} is frozen: it cannot be written`);
    const all = entries.map((entry) => ({ ...entry, before: map.lookup(entry.key) }));
    for (const { line, before } of all) checkMode(line, before !== undefined, mode);
    const written = all.filter(({ before, value }) => before === undefined || Buffer.compare(before, value) !== 0);
    const extra = replace
      ? [...rows(map)].filter(({ key }) => !keys.has(key)).map(({ key, value }) => ({ key, value: undefined, before: value }))
      : [];
    if (extra.length > 0 && isArray(map))
      throw new UsageError(`elements of ${map.title} cannot be deleted, and the file lacks ${extra.length} of them`);
    const added = written.filter(({ before }) => before === undefined).length;
    this.counts = { added, changed: written.length - added, same: all.length - written.length, deleted: extra.length };
    // Deleted first, so that a full map has room.
    this.#steps = [...extra, ...written];
  }

  /**
   * Writes. When the kernel refuses an element, those before it are put back to what they were: who reads meanwhile may see some of them.
   *
   * @throws Error that says which line was refused, and whether all could be put back
   */
  run(): void {
    using values = new Values(this.map);
    const writes = this.#steps.map((step) => ({ ...step, value: step.value && values.of(step.value) }));
    for (let done = 0; done < writes.length; ) {
      const { count, error } = writeSome(this.map, writes.slice(done, done + BATCH));
      done += count;
      if (error) throw this.#refused(writes[done]!, error, this.#putBack(this.#steps.slice(0, done), values));
    }
  }

  #refused({ line }: Step, cause: unknown, restored: boolean): Error {
    const what = line === undefined ? 'delete an element' : `line ${line}: write the element`;
    const rest = restored ? 'nothing was changed' : 'what was written before could not be put back as a whole';
    return new Error(`${what} (${rest})`, { cause });
  }

  #putBack(done: readonly Step[], values: Values): boolean {
    let whole = true;
    for (const { key, before } of done.toReversed()) {
      try {
        if (before) this.map.update(key, values.of(before));
        else this.map.delete(key);
      } catch {
        whole = false;
      }
    }
    return whole;
  }
}

function checkMode(line: ImportedEntry['line'], exists: boolean, mode: UpdateMode): void {
  if (mode === 'noexist' && exists) throw new UsageError(`line ${line}: the map has an element with this key (--flags noexist)`);
  if (mode === 'exist' && !exists) throw new UsageError(`line ${line}: the map has no element with this key (--flags exist)`);
}

const BATCH = 4096;
const NO_BATCHES = ['ENOTSUPP', 'EOPNOTSUPP', 'EINVAL', 'EPERM'];

/** Writes elements of the beginning of a list; says how many, and why not the one after them. */
function writeSome(map: BpfMap, steps: readonly Step[]): { count: number; error?: unknown } {
  if (map.row.walk === 'batch' && steps.every(({ value }) => value?.length === map.valueBytes)) {
    const { count, error } = updateBatch(map, steps);
    if (!error || count > 0 || !NO_BATCHES.includes(error.code)) return error ? { count, error } : { count };
  }
  for (const [count, { key, value }] of steps.entries()) {
    try {
      if (value) map.update(key, value);
      else map.delete(key);
    } catch (error) {
      return { count, error };
    }
  }
  return { count: steps.length };
}

function updateBatch(map: BpfMap, steps: readonly Step[]): { count: number; error: SyscallError | undefined } {
  const { keySize } = map.info;
  const keys = new Uint8Array(steps.length * keySize);
  const values = new Uint8Array(steps.length * map.valueBytes);
  for (const [i, { key, value }] of steps.entries()) {
    keys.set(key, i * keySize);
    values.set(value!, i * map.valueBytes);
  }
  return mapBatch('MAP_UPDATE_BATCH', { map_fd: map.fd, keys, values, count: steps.length });
}

/** Values as they are written: of maps that hold programs or maps, descriptors in place of ids. */
class Values implements Disposable {
  readonly #open = new Map<number, Fd>();

  constructor(readonly map: BpfMap) {}

  of(value: Uint8Array): Uint8Array {
    const { row } = this.map;
    if (row.value !== 'map' && row.value !== 'prog') return value;
    const id = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
    const object = this.#open.get(id) ?? openById(row.value, id);
    this.#open.set(id, object);
    return new Uint8Array(Uint32Array.of(object.number).buffer);
  }

  [Symbol.dispose](): void {
    for (const object of this.#open.values()) object[Symbol.dispose]();
  }
}

function openById(kind: 'map' | 'prog', id: number): Fd {
  try {
    return kind === 'map' ? mapGetFdById(id) : progGetFdById(id);
  } catch (error) {
    const what = kind === 'map' ? 'map' : 'program';
    throw isErrno(error, 'ENOENT') ? new Error(`there is no ${what} with id ${id}`) : new Error(`open ${what} ${id}`, { cause: error });
  }
}
