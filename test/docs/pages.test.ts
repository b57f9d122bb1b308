import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { OBJECTS } from '../../commands/objects.js';
import { capture } from '../support/capture.js';

async function page(notation: string, ...object: string[]): Promise<string> {
  const { status, out, err } = await capture(['help', ...object, '--as', notation]);
  assert.equal(status, 0, err);
  return out;
}

const missing = spawnSync('groff', ['--version']).error ? 'needs groff' : false;

test('every object has a manual page that roff takes without a warning', { skip: missing }, async () => {
  for (const object of [[], ...OBJECTS.map(({ name }) => [name])]) {
    const { status, stdout, stderr } = spawnSync('groff', ['-man', '-ww', '-rLL=100n', '-P-cbou', '-Tutf8'], {
      input: await page('man', ...object),
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, ''], object.join());
    assert.match(stdout, /SYNOPSIS/);
  }
});

test('a manual page shows the examples as they are to be typed', { skip: missing }, async () => {
  const { stdout } = spawnSync('groff', ['-man', '-P-cbou', '-Tutf8'], { input: await page('man', 'prog'), encoding: 'utf8' });
  assert.ok(stdout.includes('bpf-ts prog load count.bpf.o --dry-run'), stdout);
  assert.ok(stdout.includes('bpf-ts -j prog list | jq .[].id'), stdout);
});

test('a Markdown page names every command, option and word', async () => {
  const text = await page('markdown', 'link');
  for (const part of ['# bpf-ts-link', '## link attach', '`--for <time>`', 'LINK := { id N | pinned FILE }', '[bpf-ts](bpf-ts.md)'])
    assert.ok(text.includes(part), part);
});

test('a notation that is not known is refused, and a page of one command', async () => {
  assert.match((await capture(['help', 'prog', '--as', 'html'])).err, /^Error: --as takes man or markdown, not 'html'/);
  assert.match((await capture(['help', 'prog', 'show', '--as', 'man'])).err, /^Error: a manual page is of a whole object/);
});
