// A small part of `npm run faults`; CI runs a larger one besides.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { allCommands } from '../support/command-lines.js';
import { noRoot } from '../support/live.js';
import { titleOf } from './case.js';
import { CASES } from './cases/all.js';
import { noStrace } from './strace.js';
import { parseTrace } from './trace.js';

const skip = noRoot || (isOlderThan('6.6') && 'needs Linux 6.6') || noStrace();
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

function faults(...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, text: stdout + stderr };
}

test('every subcommand meets faults', async () => {
  const tried = new Set(CASES.map(({ of }) => of));
  const commands = (await allCommands()).map(({ name }) => name);
  assert.deepEqual(
    commands.filter((name) => !tried.has(name)),
    [],
  );
  assert.deepEqual(
    [...tried].filter((name) => !commands.includes(name)),
    [],
  );
  const titles = CASES.map(titleOf);
  assert.equal(new Set(titles).size, titles.length);
});

test('a trace tells threads apart, and what a call is about from the numbers in it', () => {
  const calls = parseTrace(
    [
      '7 openat(AT_FDCWD</x>, "/proc/12/fd", O_RDONLY) = 3</proc/12/fd>',
      '8 read(3</proc/12/fd>, "secret 1", 64) = 8',
      '7 read(4</proc/13/fd>,  <unfinished ...>',
      '7 <... read resumed>"secret 2", 64) = 8',
      '7 bpf(BPF_MAP_UPDATE_ELEM, {map_fd=5<anon_inode:bpf-map>, key=0x55, flags=BPF_ANY}, 32) = -1 EPERM (Operation not permitted) (INJECTED)',
      '7 +++ exited with 0 +++',
    ].join('\n'),
  );
  assert.deepEqual(
    calls.map(({ thread, name, count, what, injected }) => [thread, name, count, what, injected]),
    [
      [7, 'openat', 1, 'openat("/proc/#/fd")', false],
      [8, 'read', 1, 'read(#</proc/#/fd>)', false],
      [7, 'read', 1, 'read(#</proc/#/fd>)', false],
      [7, 'bpf', 1, 'bpf(BPF_MAP_UPDATE_ELEM, {map_fd=#<anon_inode:bpf-map>, key=@, flags=BPF_ANY})', true],
    ],
  );
});

test('what was wrong once at a fault is right now', { skip }, () => {
  const { status, text } = faults('--mended');
  assert.equal(status, 0, text);
  assert.match(text, /\n\d+ commands, .* 0 findings\n$/);
  const met = [...text.matchAll(/, (\d+) faults, (\d+) missed/g)];
  assert.ok(
    met.every(([, tried, missed]) => Number(tried) > Number(missed)),
    text,
  );
});

test('whatever bpf(2) call of a command is refused, it ends in one sentence and leaves nothing', { skip }, () => {
  const { status, text } = faults('--calls', 'bpf', '--only', 'EPERM', 'map create', 'prog loadall', 'link attach, to a cgroup');
  assert.equal(status, 0, text);
  assert.match(text, /\n4 commands, .* 0 findings\n$/);
});
