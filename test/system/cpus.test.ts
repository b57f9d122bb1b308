import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParseError } from '../../src/bytes/cursor.js';
import { countCpuList, cpuList } from '../../src/system/cpus.js';

test('a list of CPUs is read as the kernel writes it', () => {
  assert.deepEqual(cpuList('0\n'), [0]);
  assert.deepEqual(cpuList('0-3,8,10-11\n'), [0, 1, 2, 3, 8, 10, 11]);
  assert.equal(countCpuList('0-255'), 256);
  assert.equal(countCpuList('0-1023\n'), 1024);
  assert.deepEqual(cpuList('0,2-5\n'), [0, 2, 3, 4, 5]);
});

test('anything else is refused', () => {
  for (const text of ['', 'a', '0-', '1,,2', '0 1']) assert.throws(() => cpuList(text), ParseError);
});
