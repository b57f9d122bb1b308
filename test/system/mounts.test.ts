import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMounts } from '../../src/system/mounts.js';

test('mounts have a type, a place and options', () => {
  const text = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate 0 0\nbpf /sys/fs/bpf bpf rw,delegate_cmds=prog_load 0 0\n';
  assert.deepEqual(parseMounts(text), [
    { type: 'cgroup2', target: '/sys/fs/cgroup', options: ['rw', 'nosuid', 'nsdelegate'] },
    { type: 'bpf', target: '/sys/fs/bpf', options: ['rw', 'delegate_cmds=prog_load'] },
  ]);
});

test('blanks, tabs, line feeds and backslashes in a place are written out by the kernel, and read back', () => {
  assert.equal(parseMounts('none /a\\040b\\011c\\012d\\134e tmpfs rw 0 0\n')[0]?.target, '/a b\tc\nd\\e');
});
