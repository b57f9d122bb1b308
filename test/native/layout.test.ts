import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Layout, pack, unpack } from '../../native/layout.js';
import { LINK_CREATE, MAP_CREATE, PERF_EVENT_ATTR, PROG_INFO } from '../../native/uapi.js';

const RECORD = {
  size: 24,
  fields: { a: [0, 'u32'], b: [8, 'u64'], name: [16, 'char', 4], on: [20, 'bits', 1, 1], wide: [20, 'bits', 6, 4], negative: [4, 'i32'] },
} as const satisfies Layout;

test('what is packed is read back, and the rest is zero', () => {
  const bytes = pack(RECORD, { a: 0xffffffff, b: 2n ** 64n - 1n, name: 'abc', on: true, wide: 9, negative: -2 });
  assert.deepEqual({ ...unpack(RECORD, bytes) }, { a: 0xffffffff, b: 2n ** 64n - 1n, name: 'abc', on: 1, wide: 9, negative: -2 });
  assert.deepEqual([...pack(RECORD, {})], new Array(24).fill(0));
});

test('a record that the kernel left short reads as zero behind its end', () => {
  const bytes = pack(RECORD, { a: 7, b: 8n, name: 'x' });
  const record = unpack(RECORD, bytes, 8);
  assert.equal(record.a, 7);
  assert.equal(record.b, 0n);
  assert.equal(record.name, '');
});

test('a number that does not fit its field is refused, naming the field', () => {
  assert.throws(() => pack(RECORD, { a: 2 ** 32 }), /a: 4294967296 does not fit 32 bits/);
  assert.throws(() => pack(RECORD, { b: -(2n ** 63n) - 1n }), RangeError);
  assert.throws(() => pack(RECORD, { name: 'hello' }), /5 bytes do not fit 4/);
});

test('a field that the record has not is refused', () => {
  assert.throws(() => pack(RECORD as Layout, { nothing: 1 } as never), /no field nothing/);
});

test('the arms of a union share an offset', () => {
  assert.equal(LINK_CREATE.fields['tcx.relative_fd'][0], 16);
  assert.equal(LINK_CREATE.fields['kprobe_multi.flags'][0], 16);
  const bytes = pack(LINK_CREATE, { 'tcx.relative_fd': 5 });
  assert.equal(unpack(LINK_CREATE, bytes)['kprobe_multi.flags'], 5);
});

test('offsets are those of the kernel ABI', () => {
  assert.deepEqual(MAP_CREATE.fields.map_name, [28, 'char', 16]);
  assert.deepEqual(PROG_INFO.fields.tag, [8, 'u8', 8]);
  assert.deepEqual(PROG_INFO.fields.gpl_compatible, [84, 'bits', 0, 1]);
  assert.deepEqual(PERF_EVENT_ATTR.fields.disabled, [40, 'bits', 0, 1]);
});
