import assert from 'node:assert/strict';
import { test } from 'node:test';
import { done, list, type Output, one, subcommand } from '../../commands/command.js';
import { Failure } from '../../commands/print/explain.js';
import { Printer, type PrinterOptions } from '../../commands/print/printer.js';
import { ClosedPipe } from '../../commands/print/sink.js';
import { memoryStreams } from '../support/capture.js';

interface Row {
  readonly id: number;
  readonly name: string;
}

const record = subcommand<Row>({
  name: 'show',
  summary: '',
  run: () => done,
  plain: ({ id, name }) => `${id}: ${name}\n`,
  json: ({ id, name }) => ({ id, name }),
  columns: [
    { title: 'ID', cell: (row) => row.id, align: 'right' },
    { title: 'Name', cell: (row) => row.name },
  ],
});
const ROWS: Row[] = [
  { id: 1, name: 'a' },
  { id: 22, name: 'b' },
];

async function printed(output: Output<Row>, options: PrinterOptions = {}, terminal = false) {
  const streams = memoryStreams(terminal);
  const printer = new Printer(streams, options);
  const status = await printer.print(record, output).catch((error: unknown) => printer.fail(error));
  return { status, out: streams.out.text, err: streams.err.text };
}

async function* asAsync<T>(items: readonly T[], error?: Error): AsyncGenerator<T> {
  yield* items;
  if (error) throw error;
}

test('one row is a bare value in JSON, several are an array, also when there is none', async () => {
  assert.equal((await printed(one(ROWS[0]!), { json: true })).out, '{"id":1,"name":"a"}\n');
  assert.equal((await printed(list(ROWS), { json: true })).out, '[{"id":1,"name":"a"},{"id":22,"name":"b"}]\n');
  assert.equal((await printed(list([] as Row[]), { json: true })).out, '[]\n');
  assert.equal((await printed(list([] as Row[]), { pretty: true })).out, '[]\n');
  assert.equal((await printed(list(asAsync(ROWS)), { json: true })).out, '[{"id":1,"name":"a"},{"id":22,"name":"b"}]\n');
});

test('pretty rows are laid out as if they had been collected', async () => {
  assert.equal((await printed(list([ROWS[0]!]), { pretty: true })).out, '[{\n        "id": 1,\n        "name": "a"\n    }\n]\n');
});

test('what is done says nothing in plain text and null in JSON', async () => {
  assert.equal((await printed(done)).out, '');
  assert.equal((await printed(done, { json: true })).out, 'null\n');
});

test('a trailer counts the rows of the plain form', async () => {
  const output = list(ROWS, (count) => `Found ${count}\n`);
  assert.equal((await printed(output)).out, '1: a\n22: b\nFound 2\n');
  assert.doesNotMatch((await printed(output, { json: true })).out, /Found/);
});

test('a terminal gets columns, with plain text only when asked for', async () => {
  const { out } = await printed(list(ROWS), { color: false }, true);
  assert.equal(out, 'ID  Name\n 1  a\n22  b\n');
  assert.equal((await printed(list(ROWS), { plain: true }, true)).out, '1: a\n22: b\n');
});

test('control characters of a name never reach a terminal, and reach a pipe as they are', async () => {
  const evil = { id: 1, name: 'a\x1b]0;owned\x07\nb' };
  for (const options of [{ color: false }, { plain: true }, { json: true }]) {
    assert.doesNotMatch((await printed(list([evil]), options, true)).out, /[\x1b\x07]/);
    assert.doesNotMatch((await printed(one(evil), options, true)).out, /[\x1b\x07]/);
  }
  assert.equal((await printed(list([evil]))).out, `1: ${evil.name}\n`);
});

test('a stream of bytes goes to a pipe untouched and to a terminal made safe', async () => {
  const output: Output<Row> = {
    kind: 'stream',
    chunks: () => [Uint8Array.of(0x41, 0x1b, 0xc3), Uint8Array.of(0xa4, 0x0a)],
    exitCode: () => 3,
  };
  assert.deepEqual(await printed(output), { status: 3, out: 'A\x1bä\n', err: '' });
  assert.equal((await printed(output, {}, true)).out, 'A\\eä\n');
});

test('an error behind some rows closes the array, so that all of it is still JSON', async () => {
  const { status, out, err } = await printed(list(asAsync(ROWS, new Error('gone "away"'))), { json: true });
  assert.equal(status, 255);
  assert.equal(err, '');
  assert.deepEqual(JSON.parse(out), [...ROWS, { error: 'gone "away"' }]);
  const plain = await printed(list(asAsync(ROWS, new Error('gone'))));
  assert.deepEqual(plain, { status: 255, out: '1: a\n22: b\n', err: 'Error: gone\n' });
});

test('an error before the first row is all there is', async () => {
  for (const options of [{ json: true }, { ndjson: true }]) {
    assert.equal((await printed(list(asAsync([] as Row[], new Error('gone'))), options)).out, '{"error":"gone"}\n');
  }
  const behind = await printed(list(asAsync(ROWS, new Error('gone'))), { ndjson: true });
  assert.equal(behind.out, '{"id":1,"name":"a"}\n{"id":22,"name":"b"}\n{"error":"gone"}\n');
});

test('a failure ends with the status it names, its details below the sentence', async () => {
  const failed = await printed(list(asAsync([], new Failure('no', { exitCode: 254, detail: 'line 1\nline 2' }))));
  assert.deepEqual(failed, { status: 254, out: '', err: 'Error: no\nline 1\nline 2\n' });
});

test('only --debug shows a stack', async () => {
  assert.doesNotMatch((await printed(list(asAsync([], new Error('x'))))).err, /at /);
  assert.match((await printed(list(asAsync([], new Error('x'))), { debug: true })).err, /Error: x\n[\s\S]*at /);
});

test('rows that are waited for are passed on while the next one is not there yet', async () => {
  const streams = memoryStreams();
  let flushed = '';
  const flush = () => {
    flushed = streams.out.text;
  };
  const out = { write: (chunk: string | Uint8Array) => streams.out.write(chunk), flush };
  async function* slow() {
    yield ROWS[0]!;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(flushed, '1: a\n');
    yield ROWS[1]!;
  }
  assert.equal(await new Printer({ ...streams, out }).print(record, list(slow())), 0);
});

test('a reader that has gone ends the rows, and what they hold is given back', async () => {
  let closed = false;
  function* endless() {
    try {
      for (;;) yield ROWS[0]!;
    } finally {
      closed = true;
    }
  }
  const out = {
    write: () => {
      throw new ClosedPipe('');
    },
    flush: () => {},
  };
  await assert.rejects(new Printer({ ...memoryStreams(), out }).print(record, list(endless())), ClosedPipe);
  assert.ok(closed);
});
