// A tool that runs for long, and what it takes meanwhile.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAUNCHER } from '../support/bundle.js';
import { readIfThere } from '../support/if-there.js';
import type { HeapLine } from './heap-probe.js';
import type { Point } from './slope.js';

const PROBE = new URL('./heap-probe.js', import.meta.url).href;

/** How long an end may take, also on a machine that has much else to do. */
const PATIENCE_MS = 120_000;

/** What was seen, at seconds since the start: memory in bytes, and how many descriptors are open. */
export interface Observations {
  readonly resident: readonly Point[];
  readonly descriptors: readonly Point[];
  /** What JavaScript still refers to after all garbage was collected, and then what is resident without the room of its heap. */
  readonly heap: readonly Point[];
  readonly native: readonly Point[];
}

/** `bpf-ts ARGS...` under observation, its output given on as it comes. */
export class Observed {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bpf-ts-endurance-'));
  readonly #heapFile = join(this.#folder, 'heap');
  readonly #began = Date.now();
  readonly #child: ChildProcess;
  /** A signal that ended it is told by its name. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly #resident: Point[] = [];
  readonly #descriptors: Point[] = [];
  #error = '';

  /** On a terminal of its own (of 24 lines), or into a pipe. `young`: MB that each half of V8's room for young objects may take. */
  constructor(args: readonly string[], terminal: boolean, output: (chunk: Buffer) => void, young?: number) {
    const words = [
      process.execPath,
      ...(young === undefined ? [] : [`--max-semi-space-size=${young}`]),
      '--import',
      PROBE,
      LAUNCHER,
      ...args,
    ];
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const [file = '', ...rest] = terminal ? ['script', '-qefc', `stty rows 24 cols 100; exec ${quoted}`, '/dev/null'] : words;
    const env = { ...process.env, TERM: 'xterm', ENDURANCE_HEAP: this.#heapFile };
    this.#child = spawn(file, rest, { stdio: [terminal ? 'pipe' : 'ignore', 'pipe', 'pipe'], env });
    // Where this process fails, nothing that it started goes on; and not everybody asks for the end.
    process.once('exit', () => {
      this.#child.kill('SIGKILL');
      rmSync(this.#folder, { recursive: true });
    });
    this.#child.stdout!.on('data', output);
    this.#child.stderr!.on('data', (chunk) => {
      this.#error += chunk;
    });
    this.ended = new Promise((resolve) => this.#child.on('close', (status, signal) => resolve(status ?? signal)));
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The tool's process: below script(1), where there is a terminal. */
  get pid(): number {
    const own = this.#child.pid!;
    const below = readIfThere(`/proc/${own}/task/${own}/children`).trim();
    return this.#child.spawnfile === 'script' && below !== '' ? Number(below.split(' ')[0]) : own;
  }

  /** Looks at memory and descriptors now. */
  look(): void {
    this.#goOn();
    const at = this.#now;
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readIfThere(`/proc/${this.pid}/status`))?.[1];
    if (resident === undefined) return;
    this.#resident.push({ at, value: Number(resident) * 1024 });
    this.#descriptors.push({ at, value: countIn(`/proc/${this.pid}/fd`) });
  }

  /** Lets it collect its garbage, and say what is left. */
  collect(): void {
    if (this.running) process.kill(this.pid, 'SIGUSR2');
  }

  /** Its reader goes away, as head(1) does. */
  stopReading(): void {
    this.#child.stdout!.destroy();
  }

  /** Asks it to end, and gives its status and what it said on stderr. */
  async end(): Promise<{ status: number | NodeJS.Signals | null; err: string; seen: Observations }> {
    this.#goOn();
    if (this.running) process.kill(this.pid, 'SIGINT');
    const killed = AbortSignal.timeout(PATIENCE_MS);
    const kill = () => this.#child.kill('SIGKILL');
    killed.addEventListener('abort', kill);
    const status = await this.ended;
    killed.removeEventListener('abort', kill);
    return { status, err: this.#error, seen: { resident: this.#resident, descriptors: this.#descriptors, ...this.#collected() } };
  }

  /** script(1) stops itself when somebody has stopped what it runs, and does not go on with it. */
  #goOn(): void {
    if (this.running && this.#child.spawnfile === 'script') this.#child.kill('SIGCONT');
  }

  get #now(): number {
    return (Date.now() - this.#began) / 1000;
  }

  #collected(): Pick<Observations, 'heap' | 'native'> {
    const lines = readIfThere(this.#heapFile).trim().split('\n').filter(Boolean);
    const all = lines.map((line) => JSON.parse(line) as HeapLine);
    const points = (of: (line: HeapLine) => number) => all.map((line) => ({ at: (line.time - this.#began) / 1000, value: of(line) }));
    return { heap: points(({ heap, external }) => heap + external), native: points(({ native }) => native) };
  }
}

function countIn(directory: string): number {
  try {
    return readdirSync(directory).length;
  } catch {
    return 0;
  }
}
