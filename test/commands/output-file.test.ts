import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OutputFile, writeOutput } from '../../commands/output-file.js';
import { noRoot, testObjectPath } from '../support/live.js';

const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-output-'));
after(() => rmSync(folder, { recursive: true }));
const text = new TextEncoder();

test('a file is written whole, over what was there, and nothing beside it', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'what was there before', { mode: 0o640 });
  writeOutput(path, text.encode('new'));
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.equal(statSync(path).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('a symbolic link is followed', () => {
  const link = join(folder, 'link');
  symlinkSync('a', link);
  writeOutput(link, text.encode('through'));
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'through');
});

test('what is no regular file is written to', () => {
  writeOutput('/dev/null', text.encode('gone'));
  assert.ok(statSync('/dev/null').isCharacterDevice());
});

test('a folder is no place to write to, nor one that is not there', () => {
  assert.throws(() => writeOutput(folder, text.encode('x')), { name: 'UsageError', message: /it is a directory/ });
  assert.throws(() => writeOutput(join(folder, 'none', 'x'), text.encode('x')), { code: 'ENOENT' });
});

test('where a file cannot be without a name it has another one meanwhile', { skip: noNamespaces() }, () => {
  const path = join(folder, 'linked.o');
  const main = fileURLToPath(new URL('../support/tool-main.js', import.meta.url));
  // Without /proc a file cannot get its name later.
  const hidden = 'mount -t tmpfs none /proc && exec "$@"';
  const words = ['-m', 'sh', '-c', hidden, 'sh', process.execPath, main, 'gen', 'object', path, testObjectPath('run')];
  const { status, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.ok(statSync(path).size > 0);
  assert.deepEqual(readdirSync(folder).sort(), ['a', 'link', 'linked.o']);
});

test('what was not committed leaves nothing', () => {
  const before = readdirSync(folder);
  {
    using file = new OutputFile(join(folder, 'never'));
    file.write(text.encode('never'));
  }
  assert.deepEqual(readdirSync(folder), before);
});

function noNamespaces(): string | false {
  return noRoot || (spawnSync('unshare', ['-m', 'true']).status === 0 ? false : 'needs unshare(1)');
}
