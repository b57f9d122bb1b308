import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MAIN = new URL('../../commands/main.js', import.meta.url).href;

/** The packages that a command line loads, run in a process of its own. */
function packagesOf(...args: string[]): string[] {
  const script = `
    import Module from 'node:module';
    const { main } = await import(${JSON.stringify(MAIN)});
    const quiet = { write() {}, flush() {} };
    await main(${JSON.stringify(args)}, { out: quiet, err: quiet, isTerminal: () => false });
    const found = Object.keys(Module._cache).map((path) => /node_modules\\/((@[^/]+\\/)?[^/]+)/.exec(path)?.[1]);
    console.log(JSON.stringify([...new Set(found.filter(Boolean))].sort()));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout) as string[];
}

test('a command loads only what it uses', () => {
  assert.deepEqual(packagesOf('version'), []);
  assert.deepEqual(packagesOf('help', 'prog'), []);
  assert.deepEqual(packagesOf('-j', 'version'), ['commander']);
  assert.ok(!packagesOf('prog', 'list').some((name) => ['commander', 'cli-table3', 'chalk'].includes(name)));
});
