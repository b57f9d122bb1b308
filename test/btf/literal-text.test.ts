import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { LiteralText } from '../../src/btf/literal-text.js';
import { encodeLiteral } from '../../src/btf/literal-value.js';
import { parseLiteral } from '../../src/bytes/literal.js';
import { Elf } from '../../src/elf/elf.js';

const btf = Btf.parse(Elf.parse(readFileSync('test/progs/map-values.bpf.o')).section('.BTF')!.bytes);
const idOf = (name: string) => btf.find(name, 'STRUCT')!;
const read = (id: number, text: string) => encodeLiteral(btf, id, parseLiteral(text), 'value');

function written(name: string, text: string): string {
  const id = idOf(name);
  return new LiteralText(btf, id).text(read(id, text));
}

test('what is written for a value is what can be written to get it', () => {
  const key = '{source: "10.0.0.1", target: "10.0.0.7", port: be(443), local: 50123, protocol: TCP, mac: "52:54:00:12:34:56"}';
  assert.equal(written('flow_key', key), key);
  const flow = written(
    'flow',
    '{packets: 18446744073709551615, delta: -3, name: "a\\"b", peer: "2001:db8::1", words: "2001:db8::2", open: true, ratio: 0.5, low: 7, middle: -16}',
  );
  for (const part of [
    'packets: 18446744073709551615',
    'delta: -3',
    'name: "a\\"b"',
    'peer: "2001:db8::1"',
    'words: "2001:db8::2"',
    'open: true',
    'ratio: 0.5',
    'low: 7',
    'middle: -16',
  ])
    assert.ok(flow.includes(part), `${part} in ${flow}`);
});

test('any bytes of a type without padding and unions come back', () => {
  for (const name of ['flow_key', 'flow']) {
    const id = idOf(name);
    const text = new LiteralText(btf, id);
    for (let i = 0; i < 300; i++) {
      const raw = Uint8Array.from({ length: text.size }, (_, at) =>
        i % 2 ? (Math.imul(at + 1, 2654435761) ^ Math.imul(i, 40503)) >>> 11 : 0,
      );
      // Once through the notation takes away what stands in padding; from then on nothing changes.
      const once = read(id, text.text(raw));
      assert.equal(text.text(once), text.text(raw), name);
      assert.deepEqual(read(id, text.text(once)), once, name);
    }
  }
});

test('a field alone has no quotes, and a number in network order is what it means', () => {
  const id = idOf('flow_key');
  const bytes = read(id, '{source: "10.0.0.1", port: be(443), protocol: TCP, mac: "52:54:00:12:34:56"}');
  const fields = new LiteralText(btf, id).fields()!;
  assert.deepEqual(
    fields.map((field) => [field.name, field.text(bytes), field.isNumber]),
    [
      ['source', '10.0.0.1', false],
      ['target', '0.0.0.0', false],
      ['port', '443', true],
      ['local', '0', true],
      ['protocol', 'TCP', false],
      ['mac', '52:54:00:12:34:56', false],
    ],
  );
});

test('bytes that are no text are written as bytes', () => {
  const id = idOf('flow');
  const text = new LiteralText(btf, id);
  const name = text.fields()!.find((field) => field.name === 'name')!;
  const bytes = read(id, '{name: "web"}');
  assert.equal(name.text(bytes), 'web');
  const odd = Uint8Array.from(bytes);
  odd[bytes.indexOf('w'.charCodeAt(0))] = 0xff;
  assert.match(name.text(odd), /^hex\("ff 65 62 00/);
});
