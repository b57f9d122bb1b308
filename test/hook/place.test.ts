import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.js';
import { isPattern, patternOf } from '../../src/hook/pattern.js';
import { functionPlace, userPlace } from '../../src/hook/place.js';

test('a function may have an offset, in either notation', () => {
  assert.deepEqual(functionPlace('do_exit'), { name: 'do_exit', offset: 0 });
  assert.deepEqual(functionPlace('do_exit+0x1f'), { name: 'do_exit', offset: 31 });
  assert.deepEqual(functionPlace('do_exit+12'), { name: 'do_exit', offset: 12 });
});

test('a user function is behind the last colon of its binary, and may be an offset in the file', () => {
  assert.deepEqual(userPlace('/opt/a:b/tool:main+4'), { binary: '/opt/a:b/tool', name: 'main', offset: 4 });
  assert.deepEqual(userPlace('libc.so.6:malloc'), { binary: 'libc.so.6', name: 'malloc', offset: 0 });
  assert.deepEqual(userPlace('./tool:0x1040'), { binary: './tool', name: '', offset: 0x1040 });
});

test('what is written otherwise is refused', () => {
  for (const text of ['main', ':main', '/bin/true:', '/bin/true:main+', '/bin/true:main+y'])
    assert.throws(() => userPlace(text), UsageError, text);
  assert.throws(() => functionPlace('+4'), UsageError);
});

test('a pattern matches whole names, and only its stars and question marks are special', () => {
  assert.deepEqual([isPattern('tcp_*'), isPattern('a?c'), isPattern('tcp_v4_connect')], [true, true, false]);
  assert.ok(patternOf('tcp_*_rcv').test('tcp_v4_rcv'));
  assert.ok(!patternOf('tcp_*_rcv').test('tcp_v4_rcv_established'));
  assert.ok(patternOf('a.c?(x)').test('a.cd(x)'));
  assert.ok(!patternOf('a.c').test('abc'));
});
