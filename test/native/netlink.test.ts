import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBytes } from '../../native/interfaces.js';
import { attribute, concat, nested, numberOf, parseAttributes, textOf } from '../../native/netlink.js';

test('attributes have their length, their type, and are padded to four bytes', () => {
  assert.deepEqual([...attribute(3, 'lo')], [7, 0, 3, 0, 0x6c, 0x6f, 0, 0]);
  assert.deepEqual([...attribute(5, 0xffff_ffff)], [8, 0, 5, 0, 0xff, 0xff, 0xff, 0xff]);
  assert.deepEqual([...attribute(1, -1)], [8, 0, 1, 0, 0xff, 0xff, 0xff, 0xff]);
});

test('nested attributes are found inside the one that holds them', () => {
  const message = concat(attribute(1, 7), nested(43, attribute(2, Uint8Array.of(4)), attribute(3, 'text')));
  const outer = parseAttributes(message);
  assert.deepEqual([...outer.keys()], [1, 43]);
  assert.equal(numberOf(outer.get(1)), 7);
  const inner = parseAttributes(outer.get(43)!);
  assert.equal(numberOf(inner.get(2)), 4);
  assert.equal(textOf(inner.get(3)), 'text');
  assert.equal(numberOf(inner.get(9)), undefined);
  assert.equal(textOf(inner.get(9)), undefined);
});

test('attributes that are cut off or have an impossible length end the list', () => {
  const good = attribute(1, 7);
  const sizes = (bytes: Uint8Array) => parseAttributes(bytes).size;
  assert.equal(sizes(good.subarray(0, 7)), 0);
  assert.equal(sizes(concat(good, Uint8Array.of(3, 0, 2, 0))), 1);
  assert.equal(sizes(concat(good, Uint8Array.of(0, 0, 0, 0))), 1);
  assert.equal(sizes(concat(good, Uint8Array.of(255, 255, 2, 0))), 1);
  assert.equal(sizes(new Uint8Array()), 0);
});

test('addresses become bytes in network order', () => {
  assert.deepEqual([...addressBytes('10.0.0.1')], [10, 0, 0, 1]);
  const six = (text: string) => Buffer.from(addressBytes(text)).toString('hex');
  assert.equal(six('::1'), '00000000000000000000000000000001');
  assert.equal(six('fd00::2:1'), 'fd000000000000000000000000020001');
  assert.equal(six('1:2:3:4:5:6:7:8'), '00010002000300040005000600070008');
  assert.equal(six('::'), '0'.repeat(32));
});
