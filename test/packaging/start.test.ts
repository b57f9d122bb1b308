import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Modules of Node that take milliseconds to load, each with what it needs itself. */
const HEAVY = ['net', 'http', 'tls', 'crypto', 'zlib', 'child_process', 'readline', 'worker_threads', 'util', 'url'];

/** Modules of Node that a command line has loaded by its end. */
function loadedBy(line: readonly string[]): string[] {
  const program = `
    const { Bundle, CodeCache } = require(${JSON.stringify(join(ROOT, 'bin/bpf-ts.js'))});
    const before = new Set(process.moduleLoadList);
    new Bundle(CodeCache.open()).load('main.cjs').main(${JSON.stringify(line)}).then(() => {
      const loaded = process.moduleLoadList.filter((name) => !before.has(name));
      require('node:fs').writeSync(1, '\\n' + JSON.stringify(loaded));
    });`;
  const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return (JSON.parse(stdout.slice(stdout.lastIndexOf('\n'))) as string[]).map((name) => name.replace('NativeModule ', ''));
}

test('the commands that are run most load no module of Node that takes long', () => {
  const object = join(ROOT, 'test/progs/load-core.bpf.o');
  const lines = [['version'], ['prog', 'list'], ['map', 'list'], ['link', 'list'], ['prog', 'loadall', object, '/dev/null/nowhere']];
  for (const line of lines) {
    assert.deepEqual(
      loadedBy(line).filter((name) => HEAVY.includes(name)),
      [],
      line.join(' '),
    );
  }
});
