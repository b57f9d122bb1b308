// `npm run pressure [-- GROUP...]`: the whole sizes of what the tests try in small ones. As root, on a machine with 8 GB and two minutes for each group.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filledHash } from '../../bench/fixtures.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { BpfMap } from '../../src/map/map.js';
import { LAUNCHER } from '../support/bundle.js';
import { noLimit } from '../support/limited.js';
import { OwnBpffs } from '../support/live.js';
import { hold } from './hold.js';
import { writeLargeBtf, writeLargeObject } from './large-files.js';
import { failed, heading, type Trial, tryOut, tryWithin } from './trial.js';

const ENTRIES = 10_000_000;
const OBJECTS = 20_000;
const LARGE = 100 << 20;
/** MB beside what a command takes for itself, which is less than this more. */
const ROOM = 64 + 12;

const DOES_NOT_FIT = /it takes some \d+ MiB of memory, and the limit of this cgroup leaves \d+ MiB/;

const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-pressure-'));

const GROUPS: Readonly<Record<string, () => Promise<void>>> = { entries, programs, maps, values, types, objects, together };

async function entries(): Promise<void> {
  using map = filledHash(ENTRIES, 8);
  const [which, size] = [['id', String(map.id)], '10,000,000 entries'];
  const flat = { most: 150 };
  await tryOut({ what: `${size}: map lookup`, args: ['map', 'lookup', ...which, 'key', '1', '0', '0', '0'], compared: true, ...flat });
  await tryOut({ what: `${size}: map dump, first line`, args: ['map', 'dump', ...which], compared: true, head: true, ...flat });
  await tryOut({ what: `${size}: map export, first line`, args: ['map', 'export', ...which, '-'], head: true, ...flat });
  await tryOut({ what: `${size}: map dump`, args: ['map', 'dump', ...which], compared: true, ...flat });
  await tryOut({ what: `${size}: map dump -j`, args: ['-j', 'map', 'dump', ...which], compared: true, ...flat });
  await tryOut({ what: `${size}: map count`, args: ['map', 'count', ...which], ...flat });
  await tryOut({ what: `${size}: map export`, args: ['map', 'export', ...which, '-'], ...flat });
  await tryOut({ what: `${size}: map diff with itself`, args: ['map', 'diff', ...which, ...which], most: 1000 });
  await within(
    { what: `${size}: map dump`, args: ['map', 'dump', ...which] },
    { what: `${size}: map count`, args: ['map', 'count', ...which] },
  );
}

async function programs(): Promise<void> {
  await using _held = await hold('programs', OBJECTS);
  for (const [args, compared] of [
    [['prog', 'list'], true],
    [['-j', 'prog', 'list'], true],
    [['link', 'list'], true],
    [['perf', 'show'], true],
    [['graph'], false],
    [['top', '--once', '--interval', '100ms'], false],
  ] as const)
    await tryOut({ what: `20,000 programs: ${args.join(' ')}`, args, compared, most: 250 });
  await within({ what: '20,000 programs: prog list', args: ['prog', 'list'] });
}

async function maps(): Promise<void> {
  await using _held = await hold('maps', OBJECTS);
  for (const [args, compared] of [
    [['map', 'list'], true],
    [['-j', 'map', 'list'], true],
    [['map', 'list', '--sort', 'id'], false],
    [['map', 'count'], false],
    [['graph'], false],
  ] as const)
    await tryOut({ what: `20,000 maps: ${args.join(' ')}`, args, compared, most: 250 });
  await within({ what: '20,000 maps: map list', args: ['map', 'list'] }, { what: '20,000 maps: graph', args: ['graph'] });
}

async function values(): Promise<void> {
  using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 1 << 20, maxEntries: 100, name: 'large' });
  const which = ['id', String(map.id)];
  for (const args of [
    ['map', 'dump', ...which],
    ['-j', 'map', 'dump', ...which],
  ])
    await tryOut({ what: `100 values of 1 MB: ${args.slice(0, -2).join(' ')}`, args, compared: true, most: 200 });
  await tryOut({ what: '100 values of 1 MB: map export', args: ['map', 'export', ...which, '-'], most: 200 });
  await within(
    { what: '100 values of 1 MB: map dump', args: ['map', 'dump', ...which], refused: DOES_NOT_FIT },
    { what: '100 values of 1 MB: map export', args: ['map', 'export', ...which, '-'], refused: DOES_NOT_FIT },
  );
}

async function types(): Promise<void> {
  const path = join(folder, 'large.btf');
  writeLargeBtf(path, LARGE);
  const size = `BTF of ${(statSync(path).size / 1e6).toFixed(0)} MB`;
  const [raw, c] = [
    ['btf', 'dump', 'file', path],
    ['btf', 'dump', 'file', path, 'format', 'c'],
  ];
  await tryOut({ what: `${size}: btf dump`, args: raw, compared: true, most: 300 });
  await tryOut({ what: `${size}: btf dump -j`, args: ['-j', ...raw], compared: true, most: 300 });
  await tryOut({ what: `${size}: btf dump, first line`, args: raw, compared: true, head: true, most: 300 });
  await tryOut({ what: `${size}: btf dump format c`, args: c, compared: true, most: 600 });
  const refused = DOES_NOT_FIT;
  await within({ what: `${size}: btf dump`, args: raw, refused }, { what: `${size}: btf dump format c`, args: c, refused });
  if (!noLimit('memory')) await tryWithin(200, { what: `${size}: btf dump format c`, args: c, refused });
}

async function objects(): Promise<void> {
  const path = join(folder, 'large.bpf.o');
  if (!writeLargeObject(path, LARGE)) return void process.stdout.write('objects: skipped, needs clang\n');
  using bpffs = new OwnBpffs();
  const pin = join(bpffs.path, 'large');
  await tryOut({ what: 'object of 105 MB: prog load', args: ['prog', 'load', path, pin], most: 300 });
  rmSync(pin);
  await tryOut({ what: 'object of 105 MB: gen skeleton', args: ['gen', 'skeleton', path], compared: true, most: 500 });
}

/** The tests with many at once, with ten. */
async function together(): Promise<void> {
  const file = fileURLToPath(new URL('../live/many-at-once.test.js', import.meta.url));
  const { status } = spawnSync(process.execPath, ['--test', file], { env: { ...process.env, BPF_TS_AT_ONCE: '10' }, stdio: 'ignore' });
  process.stdout.write(
    `ten at once on one pin, map, interface, cgroup: ${status === 0 ? 'all as it should be' : `WRONG: see node --test ${file}`}\n`,
  );
  if (status !== 0) process.exitCode = 1;
}

async function within(...trials: Trial[]): Promise<void> {
  if (noLimit('memory')) return;
  for (const each of trials) await tryWithin(ROOM, each);
}

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.find((name) => !Object.hasOwn(GROUPS, name));
  if (unknown !== undefined) throw new Error(`there is no group '${unknown}': ${Object.keys(GROUPS).join(', ')}`);
  if (process.getuid?.() !== 0) throw new Error('run as root');
  if (!existsSync(LAUNCHER)) throw new Error('run `npm run build` first');
  heading();
  for (const name of asked.length > 0 ? asked : Object.keys(GROUPS)) await GROUPS[name]!();
  if (failed() > 0) process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
