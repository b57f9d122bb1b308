// What only shows in a process of its own: pipes, exit statuses, descriptors.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../support/tool-main.js', import.meta.url));
const MANY = `yes help | head -3000 | "${process.execPath}" "${MAIN}" batch file -`;
const skip = existsSync('/bin/bash') ? false : 'needs bash';

function shell(script: string) {
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', script], { encoding: 'utf8', timeout: 60_000 });
  return { status, out: stdout, err: stderr };
}

test('a reader that has seen enough ends the tool quietly, with the status of a closed pipe', { skip }, () => {
  const { out, err } = shell(`${MANY} | head -1; echo "\${PIPESTATUS[2]}"`);
  assert.deepEqual([out.split('\n').at(-2), err], ['141', '']);
});

test('a pipe that takes nothing for a while gets everything in the end', { skip }, () => {
  const { out } = shell(`${MANY} | { sleep 0.5; tail -1; }`);
  assert.equal(out, 'processed 3000 commands\n');
});

test('output that cannot be written is an error, not lost', { skip: skip || (existsSync('/dev/full') ? false : 'needs /dev/full') }, () => {
  const { status, err } = shell(`"${process.execPath}" "${MAIN}" help > /dev/full`);
  assert.equal(status, 255);
  assert.match(err, /^Error: write to standard output: no space left on device\n/);
});

test('errors go to standard error, what was asked for to standard output', { skip }, () => {
  assert.deepEqual(shell(`"${process.execPath}" "${MAIN}" nosuch 2>/dev/null`), { status: 255, out: '', err: '' });
  assert.deepEqual(shell(`"${process.execPath}" "${MAIN}" -j nosuch 2>/dev/null | wc -l`).out.trim(), '1');
});
