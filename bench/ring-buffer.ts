// Records a second out of a ring buffer, against libbpf in the same run: one program fills the buffer, and the two readers take turns.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { load } from '../src/load/load.js';
import type { LoadedObject } from '../src/load/loaded-object.js';
import { parseObject } from '../src/object/parse.js';
import { median } from './measure.js';
import type { Reading } from './ring-consumer.js';

const OBJECT = fileURLToPath(new URL('../../test/progs/ring-producer.bpf.o', import.meta.url));
const SOURCE = fileURLToPath(new URL('../../bench/ring-consumer.c', import.meta.url));
const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const OURS = [process.execPath, script('ring-consumer')];
const ROUNDS = 7;
const DELAY_ROUNDS = 5;
const PRODUCE_MS = 700;

/** What came of one reader, over all rounds. */
export interface RingResult {
  /** Medians, in records a second. */
  readonly ours: number;
  readonly theirs: number;
  /** Of each round, one over the other. */
  readonly ratio: number;
  /** The longest time in milliseconds that the event loop was kept from its turn by the reader, of all rounds; and of the rounds' longest the median. */
  readonly blocked: { readonly worst: number; readonly median: number };
  /** The same with what the process waited for a CPU, of the rounds' longest the median: on a busy machine that is most of it. */
  readonly delay: number;
  /** The same two of a reader that has nothing to read while the program fills another buffer: what the machine does to every process. */
  readonly idle: { readonly blocked: number; readonly delay: number };
  /** Records that were neither read nor counted as lost by the program, or came out of order. */
  readonly wrong: number;
}

/** Compiles libbpf's reader; a sentence where that is not possible. */
function compileReader(directory: string): { readonly command: string } | { readonly missing: string } {
  const command = join(directory, 'ring-consumer');
  const { status, error, stderr } = spawnSync('cc', ['-O2', '-o', command, SOURCE, '-lbpf'], { encoding: 'utf8' });
  if (error) return { missing: 'there is no C compiler' };
  return status === 0 ? { command } : { missing: `libbpf's reader does not compile (libbpf-dev): ${stderr.split('\n', 1)[0]}` };
}

/** Measures both; a sentence why there is nothing to compare with. */
export async function ringBufferBench(): Promise<RingResult | string> {
  const directory = mkdtempSync(join(tmpdir(), 'bpf-ts-bench-'));
  try {
    const reader = compileReader(directory);
    return 'missing' in reader ? reader.missing : await measure(reader.command);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function measure(reader: string): Promise<RingResult> {
  const [ours, theirs]: [Round[], Round[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await readOnce(OURS));
    theirs.push(await readOnce([reader]));
  }
  const [measured, idle]: [Round[], Reading[]] = [[], []];
  for (let round = 0; round < DELAY_ROUNDS; round++) {
    measured.push(await readOnce(OURS, 'delays'));
    idle.push(await idleOnce());
  }
  const blocked = measured.map((round) => round.blocked ?? 0);
  return {
    ours: median(ours.map(({ rate }) => rate)),
    theirs: median(theirs.map(({ rate }) => rate)),
    ratio: median(ours.map(({ rate }, i) => rate / theirs[i]!.rate)),
    blocked: { worst: Math.max(...blocked), median: median(blocked) },
    delay: median(measured.map(({ delay }) => delay ?? 0)),
    idle: { blocked: median(idle.map(({ blocked = 0 }) => blocked)), delay: median(idle.map(({ delay = 0 }) => delay)) },
    wrong: [...ours, ...measured].reduce((sum, { wrong }) => sum + wrong, 0),
  };
}

interface Round extends Reading {
  readonly rate: number;
  readonly wrong: number;
}

/** A fresh buffer for each round: what one reader left is no affair of the next. */
async function readOnce(reader: readonly string[], ...more: string[]): Promise<Round> {
  using object = producer();
  const reading = await readWhile(reader, object, object, ...more);
  const [sent = 0n] = counters(object);
  return { ...reading, rate: reading.count / reading.seconds, wrong: Math.abs(Number(sent) - reading.count) + reading.gaps };
}

/** The same with a reader of another buffer than the one that is filled. */
async function idleOnce(): Promise<Reading> {
  using object = producer();
  using other = producer();
  return await readWhile(OURS, other, object, 'idle');
}

function producer(): LoadedObject {
  return load(parseObject(readFileSync(OBJECT), { name: OBJECT }));
}

async function readWhile(
  [command = '', ...args]: readonly string[],
  read: LoadedObject,
  filled: LoadedObject,
  ...more: string[]
): Promise<Reading> {
  const child = spawn(command, [...args, String(read.map('records')!.id), ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = lines(child);
  await output.next();
  const filling = spawn(process.execPath, [script('ring-producer'), String(filled.program('produce')!.id), String(PRODUCE_MS)]);
  await once(filling, 'exit');
  child.stdin.end();
  return JSON.parse((await output.next()).value as string) as Reading;
}

async function* lines(child: ChildProcessByStdio<Writable, Readable, null>): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}

/** `sent` and `lost` of the program. */
function counters(object: LoadedObject): BigUint64Array {
  return new BigUint64Array(object.map('.bss')!.lookup(new Uint8Array(4))!.buffer);
}
