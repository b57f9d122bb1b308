import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadTestObject, noRoot } from '../support/live.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('no chunk loads anything in a way that compiled code from a cache cannot', () => {
  for (const name of readdirSync(join(ROOT, 'dist')).filter((name) => name.endsWith('.cjs')))
    assert.doesNotMatch(readFileSync(join(ROOT, 'dist', name), 'utf8'), /\bimport\(/, name);
});

test('the published tool has the libraries that only one command needs', { skip: noRoot }, () => {
  using object = loadTestObject('dump');
  const id = String(object.programs[0]!.program.id);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'bin/bpf-ts.js'), 'prog', 'dump', ...args], { encoding: 'utf8' });
  const picture = run('xlated', 'id', id, '--svg');
  assert.equal(picture.stderr, '');
  assert.match(picture.stdout, /<\/svg>\n$/);
  const machine = run('jited', 'id', id);
  assert.equal(machine.stderr, '');
  assert.match(machine.stdout, /\n {3}0:\t/);
});
