// What the observed tools look at, and whether they told all of it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { SyscallError } from '../../native/error.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { loadTestObject, testObjectPath } from '../support/live.js';
import { LineCounter } from './lines.js';

/** Something that a tool is to look at, made at a rate. */
export interface Workload extends Disposable {
  /** The tool's command line. */
  readonly args: readonly string[];
  readonly terminal: boolean;
  /** Takes what the tool prints. */
  take(chunk: Buffer): void;
  /** Makes so many things, once {@link ready}. */
  make(count: number): void;
  /** Whether the tool looks on already; `pid` is its process. */
  ready(pid: number): boolean;
  /** How many things were made. */
  readonly made: number;
  /** How many of them are neither told by the tool nor counted as lost: 0 in the end. */
  readonly missing: number;
  /** A few words on what became of them. */
  readonly account: string;
}

/** A kind of workload, and how many things it makes in a second when nobody says so. */
export interface WorkloadKind {
  readonly usual: number;
  readonly begin: () => Workload;
}

export const WORKLOADS: Readonly<Record<string, WorkloadKind>> = {
  run: { usual: 2000, begin: () => new RunEvents() },
  events: { usual: 2000, begin: () => new BufferEvents('ring') },
  'events-perf': { usual: 2000, begin: () => new BufferEvents('perf') },
  top: { usual: 4, begin: () => new Changing(['top'], true) },
  'top-lines': { usual: 4, begin: () => new Changing(['top', '--ndjson'], false) },
  watch: { usual: 10, begin: () => new Watched() },
  'map-watch': { usual: 50, begin: () => new ChangingMap() },
};

const PACKET = new Uint8Array(64);
const [MADE, REFUSED] = [0, 1];

/** What the programs of test/progs/endurance say, and what they count, in the map of its data. */
abstract class Events implements Workload {
  readonly terminal = false;
  readonly #lines = new LineCounter(/number=(\d+) name=/g, /lost (\d+) events/g);

  abstract readonly args: readonly string[];
  abstract ready(pid: number): boolean;
  abstract [Symbol.dispose](): void;
  protected abstract program: Program | undefined;
  protected abstract data: BpfMap | undefined;

  take(chunk: Buffer): void {
    this.#lines.take(chunk);
  }

  make(count: number): void {
    runSome(this.program!, count);
  }

  get made(): number {
    return this.#count(MADE);
  }

  get missing(): number {
    return Math.abs(this.made - this.#count(REFUSED) - this.#lines.told - this.#lines.lost) + this.#lines.twice;
  }

  get account(): string {
    return `${this.#lines.told} told, ${this.#count(REFUSED)} had no room, ${this.#lines.lost} told as lost`;
  }

  #count(index: number): number {
    const bytes = this.data?.lookup(new Uint8Array(4));
    return bytes ? Number(new DataView(bytes.buffer).getBigUint64(index * 8, true)) : 0;
  }
}

/** `events` on a buffer of an object that is loaded here. */
class BufferEvents extends Events {
  readonly #object: LoadedObject;
  /** What its reader has open. */
  readonly #opens: string;
  readonly args: readonly string[];
  protected readonly program: Program;
  protected readonly data: BpfMap;

  constructor(buffer: 'ring' | 'perf') {
    super();
    this.#opens = `anon_inode:${buffer === 'ring' ? 'bpf-map' : '[perf_event]'}`;
    this.#object = loadTestObject('endurance', { only: [`say_${buffer}`] });
    this.program = this.#object.program(`say_${buffer}`)!;
    this.data = this.#object.map('.bss')!;
    this.args = ['events', 'id', String(this.#object.map(buffer)!.id)];
  }

  /** A perf event array takes nothing before somebody has opened it. */
  ready(pid: number): boolean {
    return targetsOf(pid).includes(this.#opens);
  }

  [Symbol.dispose](): void {
    this.#object[Symbol.dispose]();
  }
}

/** `run` of the object, on an interface where nothing else comes along. */
class RunEvents extends Events {
  readonly args = ['run', testObjectPath('endurance'), '--only', 'say_ring', '--dev', 'near'];
  protected program: Program | undefined;
  protected data: BpfMap | undefined;
  #attached = false;

  override take(chunk: Buffer): void {
    this.#attached ||= chunk.includes('attached to');
    super.take(chunk);
  }

  ready(pid: number): boolean {
    if (!this.#attached) return false;
    const id = /^prog_id:\s*(\d+)/m.exec(descriptorsOf(pid))?.[1];
    if (id === undefined) return false;
    this.program = Program.fromId(Number(id));
    this.data = this.program.info.mapIds.map((map) => BpfMap.fromId(map)).find(({ info }) => info.name.endsWith('.bss'));
    return this.data !== undefined;
  }

  [Symbol.dispose](): void {
    this.program?.[Symbol.dispose]();
    this.data?.[Symbol.dispose]();
  }
}

/** So many of what comes is there at a time; then the oldest goes. */
const KEPT = 8;

/** Programs that come, run, and go, for who looks on at them; nobody is asked to tell each. */
class Changing implements Workload {
  readonly #there: LoadedObject[] = [];
  #printed = 0;
  made = 0;

  constructor(
    readonly args: readonly string[],
    readonly terminal: boolean,
  ) {}

  take(chunk: Buffer): void {
    this.#printed += chunk.length;
  }

  make(count: number): void {
    for (let i = 0; i < count; i++) {
      const object = loadTestObject('endurance', { only: ['say_perf'] });
      runSome(object.program('say_perf')!, 100);
      this.#there.push(object);
      if (this.#there.length > KEPT) this.#there.shift()![Symbol.dispose]();
      this.made += 1;
    }
  }

  ready(): boolean {
    return this.#printed > 0 || !this.terminal;
  }

  get missing(): number {
    return this.#printed > 0 ? 0 : 1;
  }

  get account(): string {
    return `${this.#printed} bytes drawn`;
  }

  [Symbol.dispose](): void {
    for (const object of this.#there) object[Symbol.dispose]();
  }
}

/** `watch` of maps that come and go. Each has to be told, or be among those that came and went unseen. */
class Watched implements Workload {
  readonly args = ['watch', 'map'];
  readonly terminal = false;
  readonly #there: BpfMap[] = [];
  /** Not yet told as having come, or told so and not yet as having gone. */
  readonly #open = new Map<number, 'new' | 'came'>();
  readonly #began = Date.now();
  #rest = '';
  #told = 0;
  #unseen = 0;
  made = 0;

  take(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(line.split(' '));
  }

  #line([, change, , first, word, last]: string[]): void {
    if (change === '?') for (let id = Number(first); id <= Number(word === 'to' ? last : first); id++) this.#settle(id, 'unseen');
    else this.#settle(Number(first), change === '+' ? 'came' : 'went');
  }

  #settle(id: number, what: 'came' | 'went' | 'unseen'): void {
    const before = this.#open.get(id);
    if (before === undefined) return;
    if (what === 'came' && before === 'new') this.#open.set(id, 'came');
    else if (what === 'went' && before === 'came') {
      this.#open.delete(id);
      this.#told += 1;
    } else if (what === 'unseen' && before === 'new') {
      this.#open.delete(id);
      this.#unseen += 1;
    }
  }

  make(count: number): void {
    for (let i = 0; i < count; i++) {
      const map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 4, maxEntries: 1, name: 'endured' });
      this.#open.set(map.id, 'new');
      this.#there.push(map);
      if (this.#there.length > KEPT) this.#there.shift()![Symbol.dispose]();
      this.made += 1;
    }
  }

  /** It says nothing of its first look; that is over by then. */
  ready(): boolean {
    return Date.now() - this.#began > 3000;
  }

  /** What is still there at the end goes first. */
  get missing(): number {
    for (const map of this.#there.splice(0)) map[Symbol.dispose]();
    return this.#open.size;
  }

  get account(): string {
    return `${this.#told} told as they came and went, ${this.#unseen} counted as unseen`;
  }

  [Symbol.dispose](): void {
    for (const map of this.#there) map[Symbol.dispose]();
  }
}

/** `map watch` of a map whose elements change. */
class ChangingMap implements Workload {
  readonly #map = BpfMap.create({ type: MapType.HASH, keySize: 4, valueSize: 8, maxEntries: 256, name: 'endured' });
  readonly args = ['map', 'watch', 'id', String(this.#map.id)];
  readonly terminal = false;
  readonly #key = new Uint32Array(1);
  readonly #value = new BigUint64Array(1);
  #printed = 0;
  made = 0;

  take(chunk: Buffer): void {
    this.#printed += chunk.length;
  }

  make(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#key[0] = (this.made * 7) % 256;
      this.#value[0] = BigInt(this.made);
      this.#map.update(new Uint8Array(this.#key.buffer), new Uint8Array(this.#value.buffer));
      this.made += 1;
    }
  }

  ready(): boolean {
    return true;
  }

  get missing(): number {
    return this.#printed > 0 ? 0 : 1;
  }

  get account(): string {
    return `${this.#printed} bytes printed`;
  }

  [Symbol.dispose](): void {
    this.#map[Symbol.dispose]();
  }
}

/** Fewer when this process is stopped and goes on meanwhile; the program counts by itself how often it ran. */
function runSome(program: Program, repeat: number): void {
  try {
    program.testRun({ data: PACKET, repeat });
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof SyscallError && error.cause.code === 'EINTR')) throw error;
  }
}

/** What is told of all descriptors of a process. */
function descriptorsOf(pid: number): string {
  return ofDescriptors(pid, 'fdinfo', (path) => readFileSync(path, 'utf8')).join('\n');
}

/** What they lead to. */
function targetsOf(pid: number): string[] {
  return ofDescriptors(pid, 'fd', (path) => readlinkSync(path));
}

function ofDescriptors(pid: number, folder: 'fd' | 'fdinfo', read: (path: string) => string): string[] {
  try {
    return readdirSync(`/proc/${pid}/${folder}`).map((fd) => read(`/proc/${pid}/${folder}/${fd}`));
  } catch {
    // They come and go while this reads; it is asked again.
    return [];
  }
}
