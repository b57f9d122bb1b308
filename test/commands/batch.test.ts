import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandLines } from '../../commands/batch.js';
import { capture } from '../support/capture.js';

async function wordsOf(text: string): Promise<string[][]> {
  const commands: string[][] = [];
  for await (const words of commandLines(text.split('\n'))) commands.push(words);
  return commands;
}

async function batch(text: string, ...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
  try {
    writeFileSync(join(folder, 'commands'), text);
    return await capture([...options, 'batch', 'file', join(folder, 'commands')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a line is a command; comments and empty lines are none; a backslash continues', async () => {
  assert.deepEqual(await wordsOf('prog show # all\n\n# nothing\nmap \\\n  dump id 1\n'), [
    ['prog', 'show'],
    ['map', 'dump', 'id', '1'],
  ]);
});

test('a word that begins with a quote goes to the next one', async () => {
  assert.deepEqual(await wordsOf(`a 'b c' "d 'e" f'g`), [['a', 'b c', "d 'e", "f'g"]]);
  await assert.rejects(wordsOf("a 'b"), /line 1: the quote ' has no end/);
  await assert.rejects(wordsOf('a \\'), /to be continued/);
});

test('the number of commands is told at the end', async () => {
  const { status, out } = await batch('version\nv\n');
  assert.equal(status, 0);
  assert.match(out, /processed 2 commands\n$/);
});

test('in JSON each command stands with its output', async () => {
  const { out } = await batch('version\nhelp\n', '-j');
  const [version, help] = JSON.parse(out);
  assert.deepEqual(version.command, ['version']);
  assert.match(version.output.version, /^\d/);
  assert.deepEqual(help, { command: ['help'], output: null });
  assert.equal((await batch('', '-j')).out, '[]\n');
  assert.equal((await batch('help\n', '-p')).out, '[{\n        "command": ["help"\n        ],\n        "output": null\n    }\n]\n');
});

test('the first command that fails is the last, and what is printed is still JSON', async () => {
  const { status, out } = await batch('help\nnosuch\nversion\n', '-j');
  assert.equal(status, 255);
  assert.deepEqual(
    JSON.parse(out).map(({ command }: { command: string[] }) => command),
    [['help'], ['nosuch']],
  );
  const plain = await batch('nosuch\nversion\n');
  assert.equal(plain.status, 255);
  assert.doesNotMatch(plain.out, /processed|bpf-ts v/);
});

test('with --ndjson each command is a line, and options of its own are understood', async () => {
  const { out } = await batch('version\nhelp --as\nversion\n', '--ndjson');
  const lines = out.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).command),
    [['version'], ['help', '--as']],
  );
  assert.match(JSON.parse(lines[1]!).output.error, /argument missing/);
});

test('what is wrong with the file itself is the last of the JSON', async () => {
  const { status, out } = await batch("version\n'\n", '-j');
  assert.equal(status, 255);
  assert.deepEqual(Object.keys(JSON.parse(out)[1]), ['error']);
  assert.equal((await batch("'\n", '-j')).out, `{"error":"line 1: the quote ' has no end"}\n`);
  assert.deepEqual(Object.keys(JSON.parse((await capture(['-j', 'batch', 'file', '/nonexistent'])).out)), ['error']);
});
