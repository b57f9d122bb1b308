import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { vmlinuxBtf } from '../../src/system/kernel-btf.js';
import { capture } from '../support/capture.js';
import { testObjectPath } from '../support/live.js';

const VMLINUX = '/sys/kernel/btf/vmlinux';
const noKernelTypes = !existsSync(VMLINUX) && 'the kernel has no BTF';
const noPahole = noKernelTypes || (spawnSync('pahole', ['--version']).status !== 0 && 'pahole (package dwarves) is not installed');

/**
 * Offset and size of every member that is no bitfield, where cache lines begin and holes are, and the sizes at the end. Holes beside bitfields are left out:
 * pahole counts what is left of the integer that a bitfield is in apart from the rest. Where a cache line begins counts once: pahole says it again behind a
 * union in which it did.
 */
function facts(text: string): string[] {
  const hasBits = /:\s*\d+;/.test(text);
  const lines = text.split('\n').map((line) => line.trim());
  const boundaries = new Set<string>();
  return lines.flatMap((line) => {
    const found =
      /\/\*\s+(\d+)\s+(\d+) \*\/$/.exec(line) ??
      /^\/\* (--- cacheline .*) \*\/$/.exec(line) ??
      (hasBits ? undefined : /^\/\* (?:XXX )?(\d+) bytes? (hole)/.exec(line)) ??
      /(size: \d+, cachelines: \d+, members: \d+)/.exec(line);
    if (!found || !isNewLine(found[1]!, boundaries)) return [];
    return [found.slice(1).join(' ')];
  });
}

/** False for a boundary of a cache line that was among those before. */
function isNewLine(fact: string, boundaries: Set<string>): boolean {
  const [boundary] = /^--- cacheline \d+/.exec(fact) ?? [];
  if (boundary === undefined) return true;
  return boundaries.size < boundaries.add(boundary).size;
}

/** What pahole says of several structs, by name. */
function paholeOf(names: readonly string[]): ReadonlyMap<string, string> {
  const { stdout } = spawnSync('pahole', ['-F', 'btf', '-C', names.join(), VMLINUX], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return new Map(stdout.split(/^(?=struct \w+ \{$)/m).map((text) => [/^struct (\w+)/.exec(text)?.[1] ?? '', text] as const));
}

/** Structs from all over the kernel whose names only one has. */
function someStructs(count: number): string[] {
  const btf = vmlinuxBtf();
  const times = new Map<string, number>();
  for (const id of btf.ids('STRUCT')) times.set(btf.name(id), (times.get(btf.name(id)) ?? 0) + 1);
  times.delete('');
  const names = [...times].filter(([, each]) => each === 1).map(([name]) => name);
  const step = Math.floor(names.length / count);
  return names.filter((_, i) => i % step === 0).slice(0, count);
}

describe('btf show NAME', { skip: noKernelTypes }, () => {
  for (const name of ['list_head', 'file', 'sk_buff', 'page', 'inode', 'task_struct', 'net_device', 'tcp_sock']) {
    test(`struct ${name} has the offsets, sizes and cache lines that pahole shows`, { skip: noPahole }, async () => {
      const { out, status } = await capture(['btf', 'show', 'struct', name]);
      const pahole = spawnSync('pahole', ['-F', 'btf', '-C', name, VMLINUX], { encoding: 'utf8', maxBuffer: 2 ** 26 });
      assert.equal(status, 0);
      assert.deepEqual(facts(out), facts(pahole.stdout));
    });
  }

  test('200 other structs have the offsets, sizes, holes and cache lines that pahole shows', { skip: noPahole }, async () => {
    const some = someStructs(240);
    const theirs = paholeOf(some);
    // Of an anonymous struct that is the element of an array pahole gives the offsets in the first element.
    const names = some.filter((name) => !/^\s*\}\s*\w+\[/m.test(theirs.get(name) ?? '')).slice(0, 200);
    assert.equal(names.length, 200);
    for (const name of names) {
      const { out } = await capture(['btf', 'show', 'struct', name]);
      assert.deepEqual(facts(out), facts(theirs.get(name) ?? 'none'), name);
    }
  });

  test('a name that is nearly one is answered with that one', async () => {
    const { status, err } = await capture(['btf', 'show', 'task_strct']);
    assert.equal(status, 254);
    assert.match(err, /no type task_strct in .*did you mean task_struct\?/);
  });

  test('a pattern lists what it fits, and JSON has sizes', async () => {
    const { out } = await capture(['-j', 'btf', 'show', 'struct', 'list_hea?']);
    const [only] = JSON.parse(out) as { name: string; size: number }[];
    assert.deepEqual([only?.name, only?.size], ['list_head', 16]);
    assert.match((await capture(['btf', 'show', 'bpf_map_*'])).out, /^\d+: struct bpf_map_ops {2}size \d+B$/m);
  });

  test('types of a file, and what is wrong on the command line', async () => {
    const file = testObjectPath('declarations');
    assert.match((await capture(['btf', 'show', 'struct', 'bits', 'file', file])).out, /^struct bits \{\n\tint a: 3; /);
    assert.match((await capture(['btf', 'show', '999999999', 'file', file])).err, /there is no type 999999999 in .*: the last one is \d+/);
    assert.match((await capture(['btf', 'show', 'bits', 'module', 'no_such_module'])).err, /no types of a module 'no_such_module'/);
    assert.match((await capture(['btf', 'show', 'bits', 'file', file, 'more'])).err, /'more' is too much/);
  });
});
