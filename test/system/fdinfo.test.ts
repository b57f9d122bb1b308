import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fdinfoField, parseFdinfo } from '../../src/system/fdinfo.js';

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

test('one field is found by its whole name, at the beginning of a line', () => {
  const text = 'pos:\t0\nextra_memlock:\t1\nmemlock:\t4096\nfrozen:\t0';
  assert.deepEqual([fdinfoField(text, 'memlock'), fdinfoField(text, 'frozen'), fdinfoField(text, 'froz')], ['4096', '0', undefined]);
});
