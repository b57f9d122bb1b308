import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFdinfo } from '../../src/system/fdinfo.js';

test('fdinfo is read line by line, with the first of several lines of a name', () => {
  const fields = parseFdinfo('pos:\t0\nflags:\t02000002\nmap_id:\t7\nmap_id:\t8\nno line\nempty:\n');
  assert.deepEqual(
    [...fields],
    [
      ['pos', '0'],
      ['flags', '02000002'],
      ['map_id', '7'],
      ['empty', ''],
    ],
  );
});
