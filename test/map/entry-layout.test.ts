import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EntryShape, jsonTemplate, jsonUnreadable, plainHex, plainTemplate, plainUnreadable } from '../../src/map/entry-layout.js';
import { EntryWriter } from '../../src/map/entry-writer.js';
import { type HexTemplate, HexWriter } from '../../src/map/hex-template.js';
import { counting } from '../support/bytes.js';

const shape = (keySize: number, valueSize: number, more: Partial<EntryShape> = {}): EntryShape => ({
  keySize,
  valueSize,
  mapId: false,
  ...more,
});

function written(template: HexTemplate, key: Uint8Array, value: Uint8Array): string {
  const writer = new EntryWriter(new HexWriter(template, key.length, value.length));
  return Buffer.from(writer.write({ keys: key, values: value, count: 1 })).toString();
}

const plain = (keySize: number, valueSize: number) =>
  written(plainTemplate(shape(keySize, valueSize)), counting(keySize), counting(valueSize, 0xa0));

test('a short element has one line, a longer one two, a long one names on lines of their own', () => {
  assert.equal(plain(4, 2), 'key: 00 01 02 03  value: a0 a1\n');
  assert.equal(plain(8, 16).split('\n').length, 2);
  assert.equal(plain(9, 16), 'key: 00 01 02 03 04 05 06 07  08\nvalue: a0 a1 a2 a3 a4 a5 a6 a7  a8 a9 aa ab ac ad ae af\n');
  assert.equal(plain(1, 17), 'key:\n00\nvalue:\na0 a1 a2 a3 a4 a5 a6 a7  a8 a9 aa ab ac ad ae af\nb0\n');
});

test('an element without a key, and one without a value, leave them out', () => {
  assert.equal(plain(0, 2), 'value: a0 a1\n');
  assert.equal(plain(2, 0), 'key: 00 01  \n');
});

test('values of CPUs have a line each, read at their distance', () => {
  const template = plainTemplate(shape(1, 2, { perCpu: { cpus: 2, step: 8 } }));
  assert.equal(written(template, counting(1), counting(16)), 'key:\n00\nvalue (CPU 00): 00 01\nvalue (CPU 01): 08 09\n');
});

test('JSON is compact or pretty, on its level', () => {
  const compact = jsonTemplate(shape(2, 1), { pretty: false, depth: 1 }).add('}');
  assert.equal(written(compact, counting(2), counting(1, 255)), ',{"key":["0x00","0x01"],"value":["0xff"]}');
  const pretty = jsonTemplate(shape(1, 0), { pretty: true, depth: 1 });
  assert.equal(written(pretty, counting(1), counting(0)), ',{\n        "key": ["0x00"\n        ],\n        "value": []');
});

test('JSON of values of CPUs numbers them', () => {
  const template = jsonTemplate(shape(1, 1, { perCpu: { cpus: 2, step: 8 } }), { pretty: false, depth: 0 });
  assert.equal(
    written(template, counting(1), counting(16)),
    ',{"key":["0x00"],"values":[{"cpu":0,"value":["0x00"]},{"cpu":1,"value":["0x08"]}]',
  );
});

test('an element of 1,024 CPUs has all of their values, each in its place', () => {
  const cpus = 1024;
  const value = new Uint8Array(cpus * 8);
  for (let cpu = 0; cpu < cpus; cpu++) new DataView(value.buffer).setUint32(cpu * 8, cpu, true);
  const perCpu = { cpus, step: 8 };
  const lines = written(plainTemplate(shape(1, 4, { perCpu })), counting(1), value)
    .trimEnd()
    .split('\n')
    .slice(2);
  assert.equal(lines.length, cpus);
  assert.deepEqual([lines[9], lines[1023]], ['value (CPU 09): 09 00 00 00', 'value (CPU 1023): ff 03 00 00']);
  const text = written(jsonTemplate(shape(1, 4, { perCpu }), { pretty: false, depth: 0 }).add('}'), counting(1), value);
  const { values } = JSON.parse(text.slice(1)) as { values: { cpu: number; value: string[] }[] };
  assert.deepEqual(
    values.map((each) => [each.cpu, Number(each.value[0]) + Number(each.value[1]) * 256]),
    Array.from({ length: cpus }, (_, cpu) => [cpu, cpu]),
  );
});

test('many elements are written as one element is, with digits of their own', () => {
  const template = plainTemplate(shape(1, 1));
  const writer = new EntryWriter(new HexWriter(template, 1, 1));
  const all = counting(256);
  const expected = Array.from(
    { length: 256 },
    (_, i) => `key: ${plainHex(Uint8Array.of(i))}  value: ${plainHex(Uint8Array.of(255 - i))}\n`,
  ).join('');
  for (let round = 0; round < 2; round++) {
    assert.equal(Buffer.from(writer.write({ keys: all, values: all.slice().reverse(), count: 256 })).toString(), expected);
  }
});

test('an element of no fixed length ends with its own text, in UTF-8', () => {
  const template = plainTemplate(shape(1, 4, { mapId: true }));
  const writer = new EntryWriter(new HexWriter(template, 1, 4), (out, _keys, _key, values, value) =>
    out.addText(`${values.getUint32(value, true)} é\n`),
  );
  const text = Buffer.from(
    writer.write({ keys: Uint8Array.of(1, 2), values: Uint8Array.of(9, 0, 0, 0, 255, 255, 255, 255), count: 2 }),
  ).toString();
  assert.equal(text, 'key: 01  inner_map_id: 9 é\nkey: 02  inner_map_id: 4294967295 é\n');
});

test('a value that cannot be read has its reason in its place', () => {
  assert.equal(plainUnreadable(counting(4), '<no entry>'), 'key: 00 01 02 03  value: <no entry>\n');
  assert.equal(plainUnreadable(counting(4), 'Operation not supported'), 'key:\n00 01 02 03\nvalue:\nOperation not supported\n');
  assert.equal(jsonUnreadable(counting(1), 'a "b"', { pretty: false, depth: 1 }), '{"key":["0x00"],"value":{"error":"a \\"b\\""}}');
});
