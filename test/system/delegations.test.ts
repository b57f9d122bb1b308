import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delegationOf } from '../../src/system/delegations.js';

test('what a BPF file system delegates is read from its mount options', () => {
  const options = ['rw', 'relatime', 'delegate_cmds=map_create:prog_load', 'delegate_maps=any', 'delegate_progs=0x4:kprobe', 'mode=700'];
  assert.deepEqual(delegationOf({ target: '/run/bpf', options }), {
    path: '/run/bpf',
    commands: ['map_create', 'prog_load'],
    maps: ['any'],
    programs: ['0x4', 'kprobe'],
    attachments: [],
  });
});
