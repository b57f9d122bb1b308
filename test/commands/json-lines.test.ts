import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonLines } from '../../commands/print/json-lines.js';

async function linesOf(json: string, size: number, within?: string): Promise<string> {
  const bytes = Buffer.from(json);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  const out: Uint8Array[] = [];
  for await (const chunk of jsonLines(chunks, within)) out.push(Uint8Array.from(chunk));
  return Buffer.concat(out).toString();
}

const ELEMENTS = [{ a: [1, { b: ']' }], 'k,"': '\\' }, [], [[], {}], 'x,"]\\', 12, -1.5, null, true, '', { ä: '\u2028' }];

test('the elements of an array are one line each, wherever its chunks are cut', async () => {
  const lines = ELEMENTS.map((element) => `${JSON.stringify(element)}\n`).join('');
  for (const size of [1, 2, 3, 7, 1000]) assert.equal(await linesOf(`${JSON.stringify(ELEMENTS)}\n`, size), lines);
});

test('anything but an array is one line', async () => {
  for (const element of ELEMENTS.filter((each) => !Array.isArray(each))) {
    for (const size of [1, 1000]) assert.equal(await linesOf(`${JSON.stringify(element)}\n`, size), `${JSON.stringify(element)}\n`);
  }
});

test('an empty array is no line', async () => {
  assert.equal(await linesOf('[]\n', 1), '');
  assert.equal(await linesOf('', 1), '');
});

test('the array that an object begins with gives the lines, when it is named', async () => {
  assert.equal(await linesOf('{"types":[{"id":1},{"id":2}]}\n', 1000, 'types'), '{"id":1}\n{"id":2}\n');
  assert.equal(await linesOf('{"key":["0x00"],"value":1}\n', 1000, 'types'), '{"key":["0x00"],"value":1}\n');
});

test('a line is ended as soon as its element is', async () => {
  const passed: string[] = [];
  for await (const chunk of jsonLines([Buffer.from('[{"a":1}'), Buffer.from(',{"a":2}'), Buffer.from(']\n')]))
    passed.push(Buffer.from(chunk).toString());
  assert.deepEqual(passed, ['{"a":1}\n', '{"a":2}\n', '', '']);
});

test('what is lines already stays lines', async () => {
  for (const size of [1, 1000]) assert.equal(await linesOf('{"a":1}\n12\n', size), '{"a":1}\n12\n');
});

test('what is not JSON passes as it is', async () => {
  const c = '/* C */\nstruct a { int b[2], c; };\n';
  assert.equal(await linesOf(c, 1000), c);
});
