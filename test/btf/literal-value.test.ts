import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { codecOf } from '../../src/btf/codec.js';
import { encodeUntyped } from '../../src/btf/literal-bytes.js';
import { encodeLiteral } from '../../src/btf/literal-value.js';
import { parseLiteral } from '../../src/bytes/literal.js';
import { Elf } from '../../src/elf/elf.js';
import { UsageError } from '../../src/errors.js';

const btf = Btf.parse(Elf.parse(readFileSync('test/progs/map-values.bpf.o')).section('.BTF')!.bytes);
const id = (name: string) => btf.find(name, 'STRUCT')!;
const bytes = (name: string, text: string) => encodeLiteral(btf, id(name), parseLiteral(text), 'value');
const decoded = (name: string, text: string) => codecOf<Record<string, unknown>>(btf, id(name)).decode(bytes(name, text));
const untyped = (size: number, text: string) => [...encodeUntyped(size, parseLiteral(text, 'key'), 'key')];

test('addresses go into byte arrays, structs around them and types in network order as they go over the network', () => {
  const key = bytes(
    'flow_key',
    `{source: "10.0.0.1", target: "10.0.0.2", port: be(80), local: 80, protocol: TCP, mac: "52:54:00:12:34:56"}`,
  );
  assert.deepEqual([...key.subarray(0, 12)], [10, 0, 0, 1, 10, 0, 0, 2, 0, 80, 80, 0]);
  assert.deepEqual([...key.subarray(12)], [6, 0, 0, 0, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 0, 0]);
  assert.deepEqual(bytes('flow_key', `{source: {s_addr: "10.0.0.1"}}`), bytes('flow_key', `{source: "10.0.0.1"}`));
  const flow = decoded('flow', `{peer: "2001:db8::1", words: "2001:db8::1", ip: be("10.0.0.1")}`);
  const address = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  assert.deepEqual([...(flow.peer as { in6_u: { u6_addr8: Uint8Array } }).in6_u.u6_addr8], address);
  assert.deepEqual(flow.words, [...new Uint32Array(Uint8Array.from(address).buffer)]);
  assert.equal(flow.ip, 0x0100000a);
  assert.equal(decoded('flow', '{ip: "10.0.0.1"}').ip, 0x0100000a);
});

test('every other kind of value is read by its type', () => {
  const text = `{packets: 18446744073709551615, delta: -5, name: 'grün', limits: [1, 0x2,], low: 7, middle: -16, open: true, ratio: 2.5,
    point: {x: 1, y: 2}, bytes: hex("01 02 03 04"), pointer: 0xffff800000000000}`;
  const flow = decoded('flow', text);
  assert.equal(flow.packets, 18446744073709551615n);
  assert.deepEqual([flow.delta, flow.name, flow.limits], [-5, 'grün', [1, 2, 0]]);
  assert.deepEqual([flow.low, flow.middle, flow.open, flow.ratio, flow.point], [7, -16, true, 2.5, { x: 1, y: 2 }]);
  assert.deepEqual([flow.number, flow.pointer], [0x04030201, 0xffff800000000000n]);
});

test('a value that does not fit is refused by the name of its member', () => {
  const refused: [type: string, text: string, message: RegExp][] = [
    ['flow_key', '{local: 70000}', /^value\.local: 70000 does not fit u16 \(0 to 65535\)$/],
    [
      'flow_key',
      '{port: 80}',
      /^value\.port: __be16 is in network order: be\(80\) for the number, raw\(80\) for what the machine would read/,
    ],
    ['flow_key', '{port: be(70000)}', /^value\.port: 70000 does not fit 2 bytes \(0 to 65535\)$/],
    ['flow_key', '{mac: "10.0.0.1"}', /^value\.mac: "10\.0\.0\.1" is neither a list of 6 bytes nor hex\("\.\.\."\) nor a MAC address$/],
    ['flow_key', '{protocol: ICMP}', /^value\.protocol: "ICMP" is no value of enum protocol$/],
    ['flow_key', '{sauce: 1}', /^value: there is no member "sauce"; there are source, target, port, local, protocol, mac$/],
    ['flow_key', '"10.0.0.1"', /^value: "10\.0\.0\.1" is no object/],
    ['flow', '{delta: "10.0.0.1"}', /^value\.delta: "10\.0\.0\.1" is no whole number$/],
    ['flow', '{limits: [1, 2, 3, 4]}', /^value\.limits: 4 elements do not fit 3$/],
    ['flow', '{limits: [1, 65536]}', /^value\.limits\[1\]: 65536 does not fit u16/],
    ['flow', '{low: 8}', /^value\.low: 8 does not fit 3 bits \(0 to 7\)$/],
    ['flow', '{name: "much longer than 16"}', /^value\.name: .* has 19 bytes, which do not fit 16$/],
    ['flow', '{open: 2}', /^value\.open: 2 is neither true nor false$/],
    ['flow', '{point: {x: 1, z: 2}}', /^value\.point: there is no member "z"; there are x, y$/],
    ['flow', '{delta: 1.5}', /^value\.delta: 1\.5 is no whole number$/],
    ['flow', '{number: 1, bytes: [2]}', /^value: number and bytes disagree/],
    ['flow', 'hex("00")', /^value: 1 bytes are given, it has \d+$/],
  ];
  for (const [type, text, message] of refused) assert.throws(() => bytes(type, text), { name: UsageError.name, message }, text);
});

test('numbers of network order are taken as they are where that is asked for, as of what was read before', () => {
  assert.equal(decoded('flow_key', '{port: raw(20480)}').port, 20480);
  const as = encodeLiteral(btf, id('flow_key'), parseLiteral('{port: 20480}'), 'value', 'as they are');
  assert.deepEqual(as, bytes('flow_key', '{port: be(80)}'));
});

test('without a type numbers, bytes and addresses are taken by the size', () => {
  assert.deepEqual(untyped(4, '1'), [1, 0, 0, 0]);
  assert.deepEqual(untyped(2, '-1'), [255, 255]);
  assert.deepEqual(untyped(4, '"10.0.0.1"'), [10, 0, 0, 1]);
  assert.deepEqual(untyped(3, '[1, 2, 0xff]'), [1, 2, 255]);
  assert.deepEqual(untyped(3, 'hex("010203")'), [1, 2, 3]);
  for (const [size, text, message] of [
    [2, '70000', /^key: 70000 does not fit 2 bytes \(0 to 65535\)$/],
    [2, '[1]', /^key: 1 bytes are given, it has 2$/],
    [2, '[1, 256]', /^key\[1\]: 256 is no byte/],
    [16, '5', /^key: 5: a number is not taken for 16 bytes/],
    [2, '{a: 1}', /^key: an object cannot be 2 bytes without a type: give hex/],
    [2, 'hex("0")', /^key: hex\("0"\) is not made of two digits for each byte$/],
  ] as const)
    assert.throws(() => untyped(size, text), { name: UsageError.name, message }, text);
});
