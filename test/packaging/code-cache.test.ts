import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs the published tool in a copy whose code cache `change` has made another one. */
function run(change: (cache: Buffer) => Buffer | undefined, ...args: string[]) {
  const copy = mkdtempSync(join(tmpdir(), 'bpf-ts-cache-'));
  try {
    for (const part of ['bin', 'dist', 'package.json']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const path = join(copy, 'dist/code-cache');
    const changed = change(readFileSync(path));
    if (changed) writeFileSync(path, changed);
    else rmSync(path);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'bin/bpf-ts.js'), ...args], { encoding: 'utf8' });
    return { status, stdout, stderr: stderr.replaceAll(copy, '') };
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const asBuilt = (cache: Buffer) => cache;

test('the compiled code that was built is taken by the Node that built it', () => {
  const { Bundle, CodeCache } = createRequire(import.meta.url)(join(ROOT, 'bin/bpf-ts.js'));
  const cache = CodeCache.open();
  const bundle = new Bundle(cache);
  for (const name of Object.keys(cache.chunks)) {
    bundle.load(name);
    assert.equal(bundle.loaded.get(name).script.cachedDataRejected, false, name);
  }
});

test('without compiled code, with another V8 and with half of a file the tool does the same', () => {
  const whole = run(asBuilt, 'prog', 'help');
  assert.equal(whole.status, 0, whole.stderr);
  const cases: Record<string, (cache: Buffer) => Buffer | undefined> = {
    'no file': () => undefined,
    'an empty file': () => Buffer.alloc(0),
    'half a file': (cache) => cache.subarray(0, cache.length / 2),
    'another V8': (cache) =>
      Buffer.from(cache.toString('latin1').replace(process.versions.v8, process.versions.v8.replace(/\d/, '0')), 'latin1'),
    'no file of ours': () => Buffer.alloc(100_000, 'x'),
    'a chunk of another V8 after all': (cache) => {
      const changed = Buffer.from(cache);
      // The hash of V8's version, behind its magic number, in the first piece.
      changed.writeUInt32LE(0, changed.indexOf('\n') + 1 + 4);
      return changed;
    },
  };
  for (const [what, change] of Object.entries(cases)) assert.deepEqual(run(change, 'prog', 'help'), whole, what);
});

test('a stack names the file and the place in it, with compiled code and without', () => {
  const [cached, compiled] = [asBuilt, () => undefined].map((change) => run(change, '--debug', 'prog', 'show', 'id', 'x').stderr);
  assert.match(cached!, /at .*bpf-ts\/dist\/start-[^/]+\.cjs:\d+:\d+/);
  assert.equal(cached, compiled);
});
