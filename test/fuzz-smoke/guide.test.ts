import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withCounters } from '../fuzz/instrument.js';

const MAIN = fileURLToPath(new URL('../fuzz/main.js', import.meta.url));

/** How often each counter is passed when the module runs. */
function counted(source: string, first = 0): number[] {
  const { text, count } = withCounters(source, first);
  const hits = new Uint8Array(first + count);
  new Function('globalThis', text)({ bpfTsCounters: () => hits });
  return [...hits.subarray(first)];
}

test('every block and every arm of a choice has a counter of its own', () => {
  assert.deepEqual(counted('if (1) {} else {}'), [1, 0]);
  assert.deepEqual(counted('if (0) ; else if (0) ; else ;'), [0, 1, 0, 1]);
  assert.deepEqual(counted('1 ? 2 : 3; 0 || (0 && 4); null ?? 5'), [1, 0, 1, 0, 1]);
  assert.deepEqual(counted('for (let i = 0; i < 3; i++) ; for (const x of []) { x }; do { } while (0)'), [3, 0, 1]);
  assert.deepEqual(counted('switch (2) { case 1: case 2: let a = 1; break; default: a = 2 }'), [1, 0]);
  assert.deepEqual(counted('try { throw 1 } catch { }'), [1]);
  assert.deepEqual(counted('const f = (x) => ({ x }); f(1); f(f); class A { m() {} constructor() {} } new A()'), [2, 0, 1]);
});

test('counters change nothing else: values, lines, those of another module', () => {
  const source = 'const f = (a) => (a ? { b: [..."é".concat(a)] } : a ?? -1);\nif (f(0) === 0) for (const x of f(12).b) out.push(x);';
  const { text, count } = withCounters(source, 7);
  const out: string[] = [];
  new Function('globalThis', 'out', text)({ bpfTsCounters: () => new Uint8Array(7 + count) }, out);
  assert.deepEqual(out, ['é', '1', '2']);
  assert.equal(text.split('\n').length, 2);
  assert.deepEqual(counted(source.replace('out.push(x)', 'x'), 7), [2, 1, 1, 0, 1, 3]);
});

test('a run is guided by what its inputs reach', () => {
  const line = execFileSync(process.execPath, [MAIN, '--target', 'batch', '--runs', '300'], { encoding: 'utf8' });
  assert.match(line, /^batch: 300 inputs, \d+ a second, 0 failed, [1-9]\d* blocks\n300 inputs, 0 failed\n$/);
});
