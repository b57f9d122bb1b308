import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { capture } from '../support/capture.js';
import { testObjectPath } from '../support/live.js';

const VMLINUX = '/sys/kernel/btf/vmlinux';
const noKernelTypes = !existsSync(VMLINUX) && 'the kernel has no BTF';
const noPahole = noKernelTypes || (spawnSync('pahole', ['--version']).status !== 0 && 'pahole (package dwarves) is not installed');

/** Offset and size of every member that is no bitfield, where cache lines begin, and the sizes at the end. */
function facts(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line) => {
    const found =
      /\/\*\s+(\d+)\s+(\d+) \*\/$/.exec(line) ??
      /^\/\* (--- cacheline .*) \*\/$/.exec(line) ??
      /(size: \d+, cachelines: \d+, members: \d+)/.exec(line);
    return found ? [found.slice(1).join(' ')] : [];
  });
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
