import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, Pairs, Written } from '../../src/format/json.js';
import { randomNumbers } from '../support/random.js';

test('compact JSON stands on one line without blanks', () => {
  assert.equal(json({ id: 7, tag: 'ab', list: [1, 2], none: [], empty: {} }), '{"id":7,"tag":"ab","list":[1,2],"none":[],"empty":{}}');
});

test('pretty JSON is laid out as bpftool does it, with the bracket of an array on a line of its own', () => {
  const text = json([{ id: 7, ids: [1, 2], none: [], parts: [{ a: 1 }, { b: 'x' }] }], true);
  const expected = [
    '[{',
    '        "id": 7,',
    '        "ids": [1,2',
    '        ],',
    '        "none": [],',
    '        "parts": [{',
    '                "a": 1',
    '            },{',
    '                "b": "x"',
    '            }',
    '        ]',
    '    }',
    ']',
  ];
  assert.equal(text, expected.join('\n'));
});

test('numbers of 64 bits keep all their digits', () => {
  assert.equal(json({ cookie: 0xffff_ffff_ffff_ffffn }), '{"cookie":18446744073709551615}');
});

test('fields that are undefined are left out, and null stays', () => {
  assert.equal(json({ a: undefined, b: null }), '{"b":null}');
  assert.equal(json({ a: undefined }, true), '{}');
});

test('keys that repeat or are empty are written as they come', () => {
  assert.equal(
    json(
      new Pairs([
        ['', 1],
        ['', 2],
        ['a', 3],
      ]),
    ),
    '{"":1,"":2,"a":3}',
  );
});

test('a value that writes itself is told the level it stands on', () => {
  const value = new Written((pretty, depth) => `<${pretty} ${depth}>`);
  assert.equal(json({ a: [value] }, true), '{\n    "a": [<true 2>\n    ]\n}');
});

test('bytes are an array of numbers', () => {
  assert.equal(json(Uint8Array.of(0, 255)), '[0,255]');
});

test('any value reads back as it was, in both forms, and no control character is written raw', () => {
  const random = randomNumbers(1);
  for (let round = 0; round < 400; round++) {
    const value = randomValue(random, 4);
    for (const pretty of [false, true]) {
      const text = json(value, pretty);
      assert.deepEqual(JSON.parse(text), value);
      assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      if (!pretty) assert.doesNotMatch(text, /\n/);
    }
  }
});

function randomValue(random: (limit: number) => number, depth: number): unknown {
  switch (random(depth > 0 ? 7 : 5)) {
    case 0:
      return null;
    case 1:
      return random(2) === 1;
    case 2:
      return random(1 << 30) - (1 << 29);
    case 3:
    case 4:
      return randomText(random);
    case 5:
      return Array.from({ length: random(4) }, () => randomValue(random, depth - 1));
    default:
      return Object.fromEntries(Array.from({ length: random(4) }, () => [randomText(random), randomValue(random, depth - 1)]));
  }
}

function randomText(random: (limit: number) => number): string {
  // Half of it where the difficult characters are, and never half a surrogate pair.
  return Array.from({ length: random(8) }, () => String.fromCodePoint(random(2) ? random(0xa0) : 0xe000 + random(0x10000))).join('');
}
