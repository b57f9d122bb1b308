// What scripts read is the same wherever they run: no locale, zone, terminal or width changes it, and who stops reading is told nothing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { BpfMap } from '../../src/map/map.js';
import { isoTime } from '../../src/system/clock.js';
import { loadTestObject, noRoot, testObjectPath } from '../support/live.js';
import { makeMap } from '../support/maps.js';
import { TOOL } from '../support/tool.js';

const VMLINUX = '/sys/kernel/btf/vmlinux';
const MANY = 20_000;

/** Tr: a small I is no i. De: a comma in numbers. None of them has to be installed for a program to hear of it. */
const SURROUNDINGS: readonly Readonly<Record<string, string>>[] = [
  ...['C', 'POSIX', 'C.UTF-8', 'de_DE.UTF-8', 'tr_TR.UTF-8', 'ja_JP.EUC-JP', 'nonsense'].map((locale) => ({
    LC_ALL: locale,
    LANG: locale,
  })),
  { COLUMNS: '20', LINES: '3' },
  { COLUMNS: '-1' },
  ...['', 'dumb', 'xterm-256color', 'nonsense'].map((TERM) => ({ TERM })),
  { NO_COLOR: '1' },
  { FORCE_COLOR: '3', CLICOLOR_FORCE: '1', COLORTERM: 'truecolor' },
  { PAGER: 'false', CI: 'true' },
  { HOME: '/nonexistent', TMPDIR: '/nonexistent' },
];

function run(env: Readonly<Record<string, string>>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(TOOL[0]!, [...TOOL.slice(1), ...args], {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const FORMS: readonly (readonly string[])[] = [[], ['-j']];
const expected = new Map<readonly string[], unknown>();

describe('what is printed to a pipe', { skip: noRoot }, () => {
  let object: LoadedObject;
  let values: LoadedObject;
  let large: BpfMap;
  let folder: string;
  /** Lines for all of `batch`. */
  let batch: string;
  let program: string;

  before(() => {
    object = loadTestObject('dump');
    values = loadTestObject('values');
    large = makeMap('ARRAY', { maxEntries: MANY });
    program = String(object.programs[0]!.program.id);
    const id = ['id', program];
    const lines = [
      ['prog', 'show', ...id],
      ['prog', 'dump', 'xlated', ...id, 'linum'],
      ['map', 'show', 'id', String(large.id)],
      ['map', 'dump', 'id', String(values.maps[0]!.map.id)],
      ['map', 'dump', 'id', String(values.maps.find(({ map }) => map.name.endsWith('.bss'))!.map.id)],
      ['btf', 'dump', 'file', testObjectPath('dump')],
      ['btf', 'show', 'struct', 'bits', 'file', testObjectPath('declarations')],
      ['gen', 'skeleton', testObjectPath('dump')],
      ['feature', 'list_builtins', 'helpers'],
      ['help', 'prog', 'show'],
    ];
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-environment-'));
    batch = join(folder, 'lines');
    writeFileSync(batch, lines.map((line) => `${line.join(' ')}\n`).join(''));
    for (const form of FORMS) expected.set(form, run({}, ...form, 'batch', 'file', batch));
  });
  after(() => {
    object[Symbol.dispose]();
    values[Symbol.dispose]();
    large[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  for (const env of SURROUNDINGS) {
    test(`is the same with ${Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`, () => {
      for (const form of FORMS) assert.deepEqual(run(env, ...form, 'batch', 'file', batch), expected.get(form));
    });
  }

  test('has local time in plain text alone', () => {
    const line = ['prog', 'show', 'id', program];
    const loadedAt = (JSON.parse(run({ TZ: 'Asia/Tokyo' }, '-j', ...line).stdout) as { loaded_at: number }).loaded_at;
    assert.deepEqual(run({ TZ: 'Asia/Tokyo' }, '-j', ...line), run({ TZ: 'America/St_Johns' }, '-j', ...line));
    const utc = isoTime(loadedAt + 9 * 3600 + new Date().getTimezoneOffset() * 60).replace(/[+-]\d{4}$/, '+0900');
    assert.match(run({ TZ: 'Asia/Tokyo' }, ...line).stdout, new RegExp(`loaded_at ${utc.replace('+', '\\+')} `));
    assert.match(run({ TZ: 'America/St_Johns' }, ...line).stdout, /loaded_at \S+-0[23]30 /);
  });

  /** A status of a list that is longer than a pipe holds, whose reader takes a line and goes. */
  const LONG: readonly string[][] = [
    ['btf', 'dump', 'file', VMLINUX],
    ['-j', 'btf', 'dump', 'file', VMLINUX],
    ['-p', 'btf', 'dump', 'file', VMLINUX],
    ['btf', 'dump', 'file', VMLINUX, 'format', 'c'],
    ['map', 'dump', 'id', 'LARGE'],
    ['-j', 'map', 'dump', 'id', 'LARGE'],
    ['--ndjson', 'map', 'dump', 'id', 'LARGE'],
    ['map', 'export', 'id', 'LARGE', '-'],
  ];
  for (const line of LONG) {
    test(`${line.join(' ')} | head -1 ends as by SIGPIPE, without a word`, { skip: !existsSync('/bin/bash') && 'needs bash' }, () => {
      const words = line.map((word) => (word === 'LARGE' ? String(large.id) : word));
      const script = 'set -o pipefail; "$@" | head -c 1 > /dev/null';
      const { status, stderr } = spawnSync('/bin/bash', ['-c', script, '-', ...TOOL, ...words], { encoding: 'utf8' });
      assert.deepEqual([status, stderr], [141, '']);
    });
  }

  test('is whole when it fits, whoever reads how little of it', { skip: !existsSync('/bin/bash') && 'needs bash' }, () => {
    const script = 'set -o pipefail; "$@" | { head -c 1; cat > /dev/null; }';
    const { status, stdout } = spawnSync('/bin/bash', ['-c', script, '-', ...TOOL, '-j', 'version'], { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [0, '{']);
  });
});
