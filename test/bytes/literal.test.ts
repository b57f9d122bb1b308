import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipv4Text, ipv6Text, parseIpv4, parseIpv6, parseMac } from '../../src/bytes/addresses.js';
import { type Literal, parseLiteral } from '../../src/bytes/literal.js';
import { UsageError } from '../../src/errors.js';

/** A literal without its positions. */
function plain(literal: Literal): unknown {
  switch (literal.kind) {
    case 'list':
      return literal.items.map(plain);
    case 'record':
      return Object.fromEntries([...literal.members].map(([name, value]) => [name, plain(value)]));
    case 'call':
      return { [`${literal.name}()`]: plain(literal.argument) };
    case 'word':
      return { word: literal.value };
    default:
      return literal.value;
  }
}

const read = (text: string) => plain(parseLiteral(text));

test('JSON is read as JSON, with all digits of whole numbers', () => {
  assert.deepEqual(read('{"a": [1, -2.5, "x\\n\\u0041", {}], "b": true}'), { a: [1n, -2.5, 'x\nA', {}], b: { word: 'true' } });
  assert.equal(read('18446744073709551615'), 18446744073709551615n);
});

test('quotes, commas and notations of numbers may be as a person writes them', () => {
  assert.deepEqual(read(`{ip: '10.0.0.1', port: 0x50, /* old */ bits: 0b1_01, mode: 0o17, list: [1,2,], } // end`), {
    ip: '10.0.0.1',
    port: 80n,
    bits: 5n,
    mode: 15n,
    list: [1n, 2n],
  });
  assert.deepEqual(read('be(80)'), { 'be()': 80n });
  assert.deepEqual(read('TCP'), { word: 'TCP' });
  assert.deepEqual([read('+5'), read('-0x10'), read('1e3'), read('.5')], [5n, -16n, 1000, 0.5]);
});

test('what cannot be read says where, and what was expected', () => {
  const refused: [text: string, message: string][] = [
    ['', 'value: expected a value, got the end at character 1'],
    ['{ip 5}', "value: expected ':', got '5' at character 5"],
    ['{a: 1 b: 2}', "value: expected ',' or '}', got 'b' at character 7"],
    ['[1, 2', "value: expected ',' or ']', got the end at character 6"],
    ['{a: 1, a: 2}', 'value: a stands there twice at character 8'],
    ['{ip: 10.0.0.1}', "value: '10.0.0.1' is no number; text needs quotes at character 6"],
    ['9'.repeat(1000), 'value: a number of 1000 characters is too long at character 1'],
    ['5s', "value: '5s' is no number; text needs quotes at character 1"],
    ['010', 'value: 010: to some a leading 0 means octal, which is written 0o here at character 1'],
    ['"abc', 'value: the string has no end at character 1'],
    ['"\\u12"', 'value: \\u needs 4 hex digits at character 2'],
    ['1 2', "value: expected the end, got '2' at character 3"],
    ['be()', 'value: be(...) takes one value at character 1'],
    ['{5: 1}', "value: expected the name of a member, got '5' at character 2"],
    ['['.repeat(100), 'value: it nests too deep at character 65'],
  ];
  for (const [text, message] of refused) assert.throws(() => parseLiteral(text), { name: UsageError.name, message }, text);
});

test('addresses are read in all their notations, and nothing else is', () => {
  assert.deepEqual(parseIpv4('10.0.0.255'), Uint8Array.of(10, 0, 0, 255));
  for (const text of ['10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.1 ', '1.2.3.4.5', '']) assert.equal(parseIpv4(text), undefined, text);
  const v6: [text: string, canonical: string][] = [
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['fe80::', 'fe80::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
  ];
  for (const [text, canonical] of v6) assert.equal(ipv6Text(parseIpv6(text)!), canonical, text);
  for (const text of [
    '',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    '::1%eth0',
    '10.0.0.1::',
  ])
    assert.equal(parseIpv6(text), undefined, text);
  assert.deepEqual(parseMac('52-54-00-AB-cd-01'), Uint8Array.of(0x52, 0x54, 0, 0xab, 0xcd, 1));
  for (const text of ['52:54:00:ab:cd', '52:54-00:ab:cd:01', '5:54:00:ab:cd:01']) assert.equal(parseMac(text), undefined, text);
  assert.equal(ipv4Text(Uint8Array.of(10, 0, 0, 1)), '10.0.0.1');
});
