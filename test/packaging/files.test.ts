import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const MOST_BYTES = 3_000_000;

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

function packed(): Packed {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Object.values(JSON.parse(text) as Record<string, Packed>)[0]!;
}

test('what is published is the bundle, the library with its types, documentation, and nothing else', () => {
  const { files, size } = packed();
  const paths = files.map(({ path }) => path);
  const expected = /^(bin|dist|docs|man|schemas|build\/(src|native))\/|^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
  assert.deepEqual(
    paths.filter((path) => !expected.test(path)),
    [],
  );
  for (const path of ['bin/bpf-ts.js', 'dist/main.cjs', 'dist/code-cache', 'build/src/index.js', 'build/src/index.d.ts'])
    assert.ok(paths.includes(path), path);
  // Sources are not: they are in the repository.
  assert.deepEqual(
    paths.filter((path) => /(?<!\.d)\.ts$/.test(path)),
    [],
  );
  assert.ok(size < MOST_BYTES, `${size} bytes`);
});

test('what the package names as entry points is in it, and nothing runs when it is installed', () => {
  const paths = new Set(packed().files.map(({ path }) => path));
  const named = [...Object.values(MANIFEST.bin), ...Object.values(MANIFEST.exports['.'])] as string[];
  for (const path of named) assert.ok(paths.has(path.replace(/^\.\//, '')), path);
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) assert.equal(MANIFEST.scripts[script], undefined, script);
  // npm would run node-gyp.
  assert.equal(paths.has('binding.gyp'), false);
});
