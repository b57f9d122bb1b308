import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { dryRun } from '../../src/load/dry-run.js';
import { parsed } from '../object/objects.js';

/** A kernel that has `struct task_struct` with a `tgid`, and nothing else. */
function tinyKernel(): Btf {
  const int = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 } as const;
  const members = [
    { name: 'group_leader', type: 3, bitOffset: 64, bitfieldSize: 0 },
    { name: 'tgid', type: 1, bitOffset: 320, bitfieldSize: 0 },
  ];
  return Btf.parse(encodeBtf([int, { kind: 'STRUCT', name: 'task_struct', size: 64, members, kindFlag: false }, { kind: 'PTR', type: 2 }]));
}

test('a dry run shows maps and programs as they would be created', () => {
  const { maps, programs, object } = dryRun(parsed('load-maps'), { kernelBtf: tinyKernel(), pinRoot: '/pins' });
  assert.equal(object, 'load-maps');
  const map = (name: string) => maps.find((candidate) => candidate.name === name)!;
  assert.equal(map('typed').type, 'hash');
  assert.equal(map('shared').pin, '/pins/shared');
  assert.equal(map('ring').maxEntries, 8192);
  assert.deepEqual(
    programs.map(({ name, type, section }) => [name, type, section]),
    [
      ['tail', 'socket_filter', 'socket'],
      ['entry', 'socket_filter', 'socket'],
    ],
  );
});

test('relocations are resolved against the types that are given, and what has no answer is told', () => {
  const { programs } = dryRun(parsed('load-core'), { kernelBtf: tinyKernel(), only: ['look', 'reaches_missing'] });
  const [look, missing] = programs;
  assert.ok(look!.coreRelocations > 4);
  assert.match(look!.unresolved.join('\n'), /task_struct\.comm/);
  assert.match(missing!.unresolved[0]!, /^instruction \d+: <byte_off> .*never_there/);
});

test('programs are shown with the functions that are appended to them', () => {
  const { programs } = dryRun(parsed('load-functions'));
  const first = programs.find(({ name }) => name === 'first')!;
  assert.deepEqual(first.functions, ['middle', 'leaf', 'hidden_one']);
  assert.equal(
    programs.some(({ name }) => name === 'optional'),
    false,
  );
});

test('an extern that is not known here is shown, and does not stop the dry run', () => {
  const { externs } = dryRun(parsed('load-externs'), { kernelBtf: tinyKernel() });
  const extern = (name: string) => externs.find((candidate) => candidate.name === name)!;
  assert.deepEqual(extern('bpf_rcu_read_lock'), { name: 'bpf_rcu_read_lock', kind: 'function', weak: false, value: undefined });
  assert.equal(extern('CONFIG_NOT_THERE_AT_ALL').value, undefined);
  if (existsSync('/proc/version')) assert.match(extern('LINUX_KERNEL_VERSION').value!, /^0x00/);
});

test('of a data section it is told how much is not zero', () => {
  const { maps } = dryRun(parsed('load-data'));
  const rodata = maps.find(({ section }) => section === '.rodata')!;
  assert.ok(rodata.filled > 0 && rodata.filled < rodata.valueSize);
  assert.equal(maps.find(({ section }) => section === '.bss')!.filled, 0);
});
