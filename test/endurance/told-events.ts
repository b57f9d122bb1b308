// Events that tools have to tell, each one or as lost.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { loadTestObject, testObjectPath } from '../support/live.js';
import { LineCounter } from './lines.js';
import { runSome, type Workload } from './workload.js';

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
export class BufferEvents extends Events {
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
export class RunEvents extends Events {
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
