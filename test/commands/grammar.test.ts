import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from '../../commands/command.js';
import { find, findEntry } from '../../commands/line/dispatch.js';
import { OBJECTS } from '../../commands/objects.js';
import { capture } from '../support/capture.js';

// What bpftool takes these beginnings for.
const FIRST_WORDS = { b: 'batch', bt: 'btf', p: 'prog', pr: 'prog', m: 'map', l: 'link', c: 'cgroup', n: 'net', v: 'version', h: 'help' };
const SUBCOMMANDS: Record<string, Record<string, string>> = {
  prog: {
    s: 'show',
    l: 'show',
    li: 'show',
    d: 'dump',
    p: 'pin',
    lo: 'load',
    loada: 'loadall',
    a: 'attach',
    de: 'detach',
    t: 'tracelog',
    r: 'run',
  },
  map: {
    s: 'show',
    l: 'show',
    e: 'event_pipe',
    en: 'push',
    d: 'dump',
    de: 'delete',
    p: 'pin',
    u: 'update',
    lo: 'lookup',
    g: 'getnext',
    c: 'create',
    f: 'freeze',
  },
  link: { s: 'show', l: 'show', p: 'pin', d: 'detach' },
  cgroup: { s: 'show', l: 'show', t: 'tree', a: 'attach', d: 'detach' },
  net: { s: 'show', l: 'show', a: 'attach', d: 'detach' },
  btf: { s: 'show', l: 'show' },
};

test('a beginning of a first word means what it means to bpftool', () => {
  for (const [word, name] of Object.entries(FIRST_WORDS)) assert.equal(findEntry(word).name, name, word);
});

for (const [object, words] of Object.entries(SUBCOMMANDS)) {
  test(`a beginning of a subcommand of ${object} means what it means to bpftool`, async () => {
    const { command } = await OBJECTS.find(({ name }) => name === object)!.load();
    assert.ok('subcommands' in command);
    for (const [word, name] of Object.entries(words)) assert.equal(find(command, word)?.name, name, word);
  });
}

test('every command says what it does, and its help shows how', async () => {
  for (const { name, load } of OBJECTS) {
    const { command } = await load();
    if (!('subcommands' in command)) continue;
    for (const entry of command.subcommands) {
      const each = await loaded(entry);
      assert.deepEqual([each.name, each.aliases], [entry.name, entry.aliases]);
      const { status, out } = await capture(['help', name, each.name]);
      assert.equal(status, 0);
      assert.ok(out.startsWith(`Usage: bpf-ts ${name} ${each.name}`), out);
      assert.ok(each.summary.length > 0 && !each.summary.endsWith('.'), each.summary);
    }
  }
});

test('the help of a command says of each word it speaks of all lines', async () => {
  const { out } = await capture(['help', 'link', 'attach']);
  assert.match(out, /\n {2}HOOK := .*,\n {10}kprobe\.multi\/PATTERN, .*\n {2}TARGET := /);
  assert.match(out, /\n {2}WORD := .* \|\n {10}event .*\n {10}map MAP .*\n\n/);
});

test('help is reached in every way that people try, and is null in JSON', async () => {
  const { out } = await capture(['help', 'prog']);
  assert.equal((await capture(['prog', 'help'])).out, out);
  assert.equal((await capture(['prog', '-h'])).out, out);
  assert.equal((await capture(['--help', 'prog'])).out, out);
  assert.equal((await capture(['-j', 'prog', 'help'])).out, 'null\n');
  assert.deepEqual(await capture([]), await capture(['help']));
});

test('a word that is no command is named, with the words that are', async () => {
  const { status, out, err } = await capture(['nosuch']);
  assert.equal(status, 255);
  assert.equal(out, '');
  assert.match(err, /^Error: there is no command 'nosuch'\nUsage: bpf-ts .*prog/);
  assert.match((await capture(['prog', 'nosuch'])).err, /^Error: prog has no command 'nosuch'\nUsage: bpf-ts prog { show \| list/);
});

test('with -j an error is one JSON object on standard output', async () => {
  for (const args of [
    ['-j', 'nosuch'],
    ['nosuch', '-j'],
    ['-j', '--nosuch'],
    ['-p', 'prog', 'show', 'id', '"x"\n'],
  ]) {
    const { status, out, err } = await capture(args);
    assert.equal(status, 255);
    assert.equal(err, '');
    assert.deepEqual(Object.keys(JSON.parse(out)), ['error']);
    assert.ok(out.endsWith('}\n'));
  }
});

test('the version is told by word and by option', async () => {
  const { status, out } = await capture(['version']);
  assert.equal(status, 0);
  assert.match(out, /^bpf-ts v\d+\.\d+\.\d+\n/);
  assert.equal((await capture(['-V'])).out, out);
  assert.equal((await capture(['prog', '--vers'])).out, out);
  assert.match(JSON.parse((await capture(['-j', 'version'])).out).version, /^\d+\.\d+\.\d+/);
});
