// Both tools in turn on the same objects: `npm run bench`, as root. `npm run bench -- help` says what can be chosen.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filledHash, filledTyped, manyMaps, manyPrograms } from './fixtures.js';
import { loadingOf } from './loading.js';
import { type CommandLine, digestOf, median, outputOf, peakMegabytes, secondsOf } from './measure.js';
import { ringBufferBench } from './ring-buffer.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const tool: CommandLine = process.env.BPF_TS ?? `node ${join(root, 'bin/bpf-ts.js')}`;
const reference: CommandLine = process.env.BPFTOOL ?? 'bpftool';

/** One comparison: what bpf-ts runs, what it is held against, and the most that the ratio of their times may be. */
interface Case {
  readonly what: string;
  readonly ours: CommandLine;
  readonly theirs: CommandLine;
  readonly runs: number;
  /** Undefined where the two do not do the same work. */
  readonly bar: number | undefined;
  /** Their outputs have to be the same bytes. */
  readonly equal?: boolean;
}

// Without its helper program in the kernel the reference does not look for the processes that hold an object; bpf-ts always does.
const WITHOUT_PIDS = 'this bpftool looks for no pids';
const LISTS = ['prog list', '-j prog list', 'map list', '-j map list', '-j link list', '-j btf list'];
const QUICK = 15;
const SLOW = 5;

function dumpCases(what: string, id: number, bars: Readonly<Record<string, number>>): Case[] {
  return Object.entries(bars).map(([option, bar]) => {
    const rest = `${option} map dump id ${id}`;
    return { what: `${what} ${option}`.trimEnd(), ours: `${tool} ${rest}`, theirs: `${reference} ${rest}`, runs: SLOW, bar, equal: true };
  });
}

function compare({ what, ours, theirs, runs, bar, equal }: Case): void {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  // In turn, so that a busy moment of the machine meets both.
  for (let run = 0; run < runs; run++) {
    times.ours.push(secondsOf(ours));
    times.theirs.push(secondsOf(theirs));
  }
  const [our, their] = [median(times.ours), median(times.theirs)];
  const same = !equal || digestOf(ours) === digestOf(theirs);
  const end = bar === undefined ? `no bar: ${WITHOUT_PIDS}` : verdict(our / their <= bar && same, same ? '' : 'output differs');
  print(what, ms(our), ms(their), (our / their).toFixed(2), bar?.toFixed(2) ?? '', end);
}

async function memory(what: string, command: CommandLine, bar: number): Promise<void> {
  const most = await peakMegabytes(command);
  print(what, `${most.toFixed(0)} MB`, '', '', `${bar} MB`, verdict(most > 0 && most <= bar, ''));
}

/** Reading a ring buffer against libbpf: more is better here. */
async function ringBuffer(): Promise<void> {
  const result = await ringBufferBench();
  if (typeof result === 'string') return print('ring buffer', '', '', '', '', `skipped: ${result}`);
  const millions = (rate: number) => `${(rate / 1e6).toFixed(1)} M/s`;
  const { ours, theirs, ratio, wrong, blocked, delay, idle } = result;
  const end = verdict(ratio >= 0.5 && wrong === 0, wrong === 0 ? '' : `${wrong} records lost that nobody counted`);
  print('ring buffer, records of 64 bytes', millions(ours), millions(theirs), ratio.toFixed(2), '>= 0.50', end);
  const worst = `(worst of all rounds ${blocked.worst.toFixed(1)} ms)`;
  print(
    'event loop kept from its turn',
    tenths(blocked.median),
    tenths(idle.blocked),
    '',
    '10 ms',
    ` ${verdict(blocked.median <= 10, worst)}`,
  );
  // On a busy machine that is most of it, for a reader that has nothing to do as well.
  print('  with waiting for a CPU', tenths(delay), tenths(idle.delay), '', '', ' (second column: nothing to read)');
}

function tenths(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`;
}

function verdict(met: boolean, remark: string): string {
  if (!met) process.exitCode = 1;
  return `${met ? 'met' : 'MISSED'} ${remark}`.trimEnd();
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(0)} ms`;
}

function print(what: string, ...cells: string[]): void {
  process.stdout.write(`${what.padEnd(36)}${cells.map((cell) => cell.padStart(9)).join('')}\n`);
}

/** What is measured, by the words that choose it. */
const GROUPS: Readonly<Record<string, () => void | Promise<void>>> = {
  start,
  lists: () => lists(5),
  'long-lists': () => lists(1000),
  load,
  feature: () => {
    const probe = 'feature probe kernel';
    compare({ what: probe, ours: `${tool} ${probe}`, theirs: `${reference} ${probe}`, runs: SLOW, bar: 1.2 });
  },
  dumps,
  types,
  events: ringBuffer,
};

/** A single executable starts faster than the reference; what Node runs cannot, and is held against Node. */
function start(): void {
  const other = process.env.BPF_TS ? { theirs: `${reference} version`, bar: 0.8 } : { theirs: 'node -e 0', bar: 1.3 };
  compare({ what: `version, against ${other.theirs.split('/').at(-1)}`, ours: `${tool} version`, runs: QUICK, ...other });
}

/** Lists of everything, with so many programs and maps of the benchmark's own beside those that were there. */
function lists(count: number): void {
  using _maps = manyMaps(count);
  using _programs = manyPrograms(count);
  const bar = outputOf(`${reference} version`).includes('skeletons') ? 0.8 : undefined;
  for (const list of LISTS)
    compare({ what: `${list}, ${count} more`, ours: `${tool} ${list}`, theirs: `${reference} ${list}`, runs: QUICK, bar });
}

/** The kernel's own types: what is dumped most, to make a vmlinux.h. */
function types(): void {
  for (const format of ['raw', 'c']) {
    const rest = `btf dump file /sys/kernel/btf/vmlinux format ${format}`;
    compare({
      what: `btf dump of vmlinux, ${format}`,
      ours: `${tool} ${rest}`,
      theirs: `${reference} ${rest}`,
      runs: QUICK,
      bar: 1,
      equal: true,
    });
  }
}

// Small objects take the reference no time that could be told from that of its start.
const TOLD_APART = 0.002;

function load(): void {
  const { objects, ours, theirs } = loadingOf(process.env.BPF_OBJECTS ?? join(root, 'test/progs'), tool, reference);
  const ratio = ours / theirs;
  const small = theirs < TOLD_APART;
  const end = small ? 'no bar: too small to compare, see BPF_OBJECTS' : verdict(ratio <= 1.5, 'without the start');
  print(`prog loadall, each of ${objects}`, ms(ours), ms(theirs), small ? '' : ratio.toFixed(2), small ? '' : '1.50', ` ${end}`);
}

async function dumps(): Promise<void> {
  {
    using map = filledHash(1_000_000, 8);
    for (const each of dumpCases('1,000,000 of 8 bytes', map.id, { '': 0.25, '-j': 0.35, '-p': 0.35 })) compare(each);
    await memory('memory, 1,000,000 of 8 bytes -j', `${tool} -j map dump id ${map.id}`, 200);
  }
  {
    using map = filledHash(1_000_000, 64);
    for (const each of dumpCases('1,000,000 of 64 bytes', map.id, { '': 0.25, '-j': 0.35 })) compare(each);
    await memory('memory, 1,000,000 of 64 bytes -j', `${tool} -j map dump id ${map.id}`, 200);
  }
  using typed = filledTyped(100_000);
  for (const each of dumpCases('100,000 with BTF', typed.id, { '': 0.5, '-j': 0.5, '-p': 0.5 })) compare(each);
  await memory('memory, 100,000 with BTF -p', `${tool} -p map dump id ${typed.id}`, 200);
}

const HELP = `npm run bench [-- { ${Object.keys(GROUPS).join(' | ')} }...]

  BPFTOOL      the reference; without it, the bpftool of the path
  BPF_TS       another tool in the place of this folder's, such as out/bpf-ts-linux-x64
  BPF_OBJECTS  a folder of object files that are loaded one after the other; without it, test/progs. What one of the tools refuses is left out.
`;

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.find((name) => !Object.hasOwn(GROUPS, name));
  if (unknown !== undefined) return void process.stdout.write(HELP);
  if (process.getuid?.() !== 0) throw new Error('run as root: the benchmark makes maps');
  if (!existsSync(join(root, 'dist/main.cjs'))) throw new Error('run `npm run build` first');
  process.stdout.write(`against ${outputOf(`${reference} version`).replaceAll('\n', ' ')}\n`);
  print('', 'bpf-ts', 'other', 'ratio', 'bar', '');
  for (const name of asked.length > 0 ? asked : Object.keys(GROUPS)) await GROUPS[name]!();
}

await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`Error: ${error.message}\n`);
  process.exitCode = 255;
});
