import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SCRIPTS, type Shell } from '../../commands/completion/shells.js';
import { capture } from '../support/capture.js';

const MAIN = fileURLToPath(new URL('../support/tool-main.js', import.meta.url));

/** A folder with `bpf-ts`, a file `object.o`, a folder `objects`, and the script of a shell in `script`. */
class Place implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'bpf-ts-'));

  constructor(shell: Shell) {
    writeFileSync(join(this.folder, 'bpf-ts'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
    chmodSync(join(this.folder, 'bpf-ts'), 0o755);
    writeFileSync(join(this.folder, 'object.o'), '');
    writeFileSync(join(this.folder, 'script'), SCRIPTS[shell]);
  }

  run(command: string, args: readonly string[]): string[] {
    const env = { ...process.env, PATH: `${this.folder}:${process.env.PATH}`, HOME: this.folder };
    return execFileSync(command, args, { cwd: this.folder, env, encoding: 'utf8' }).split('\n').filter(Boolean);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

const missing = (shell: Shell) => (spawnSync(shell, ['--version']).error ? `needs ${shell}` : false);

test('bash completes commands, keywords and files', { skip: missing('bash') }, () => {
  using place = new Place('bash');
  const complete = (...words: string[]) =>
    place.run('bash', [
      '-c',
      `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bpf_ts; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      'bpf-ts',
      ...words,
    ]);
  assert.deepEqual(complete('prog', 'loada'), ['loadall']);
  assert.deepEqual(complete('prog', 'load', 'obj'), ['object.o']);
  assert.deepEqual(complete('map', 'create', 'x', 'type', 'lpm'), ['lpm_trie']);
  assert.deepEqual(complete('net', 'attach', 'xdpg'), ['xdpgeneric']);
});

test('zsh completes commands and files', { skip: missing('zsh') }, () => {
  using place = new Place('zsh');
  const stubs = `compdef() { }; _files() { print files "$@" }; _describe() { print -l -- "\${(@P)3}" }`;
  const complete = (...words: string[]) =>
    place.run('zsh', ['-fc', `${stubs}; source ./script; words=("$@"); CURRENT=$#; _bpf_ts`, 'zsh', 'bpf-ts', ...words]);
  assert.deepEqual(complete('prog', 'loada'), ['loadall:Load an object file and pin its programs in a directory by their names']);
  assert.deepEqual(complete('prog', 'load', ''), ['files']);
  assert.deepEqual(complete('cgroup', 'show', ''), ['files -/']);
});

test('fish completes commands and files', { skip: missing('fish') }, () => {
  using place = new Place('fish');
  const complete = (line: string) => place.run('fish', ['--no-config', '-c', `source ./script; complete -C '${line}'`]);
  assert.deepEqual(complete('bpf-ts prog loada'), ['loadall\tLoad an object file and pin its programs in a directory by their names']);
  assert.ok(complete('bpf-ts prog load obj').some((line) => line.startsWith('object.o')));
});

async function words(...line: string[]): Promise<string[]> {
  const { status, out } = await capture(['completion', 'words', '--', ...line]);
  assert.equal(status, 0);
  return out
    .split('\n')
    .filter(Boolean)
    .map((each) => each.split('\t', 1)[0]!);
}

test('options are completed, those of the command among them, and options that were given are passed over', async () => {
  assert.deepEqual(await words('prog', 'load', '--dr'), ['--dry-run']);
  assert.deepEqual(await words('-j', 'prog', '--plain', 'pi'), ['pin']);
  assert.deepEqual(await words('-B', 'x', 'btf', 'dump', 'file', 'y', 'for'), ['format']);
  assert.deepEqual(await words('btf', 'dump', '-B', ''), [':files']);
});

test('the first word, the object and the topics of help are completed', async () => {
  assert.deepEqual(await words('stru'), ['struct_ops']);
  assert.deepEqual(await words('help', 'map', 'get'), ['getnext']);
  assert.deepEqual(await words('m', 'get'), ['getnext']);
  assert.deepEqual(await words('nosuch', ''), []);
});

test('the words behind a hook are its own', async () => {
  assert.deepEqual(await words('link', 'attach', 'id', '1', 'netfilt'), ['netfilter']);
  assert.ok((await words('link', 'attach', 'id', '1', 'xdp', '')).includes('dev'));
  assert.ok((await words('link', 'attach', 'id', '1', 'xdp', 'dev', '')).includes('lo'));
});

test('without a word there is an error, and a shell that is not known is named', async () => {
  assert.match((await capture(['completion', 'words'])).err, /^Error: WORD is missing/);
  assert.match((await capture(['completion', 'csh'])).err, /^Error: completion has no command 'csh'/);
});
