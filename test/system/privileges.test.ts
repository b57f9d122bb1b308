import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapType, ProgType } from '../../src/kernel/enums.gen.js';
import { mapCapabilities, programCapabilities } from '../../src/system/creation-needs.js';
import { lockedHelper } from '../../src/system/privileges.js';

test('a helper that is missing since the kernel is locked down is said to be', () => {
  const reading = 'program p: refused by the verifier: program of this type cannot use helper bpf_probe_read#4';
  assert.equal(
    lockedHelper(reading, 'confidentiality'),
    'the kernel is locked down (confidentiality), which forbids programs to read kernel memory',
  );
  assert.equal(lockedHelper(reading.replace('_read#4', '_read_kernel_str#115'), 'confidentiality')?.includes('read kernel'), true);
  assert.equal(lockedHelper(reading, 'integrity'), undefined);
  assert.equal(lockedHelper(reading, 'none'), undefined);
  assert.equal(lockedHelper(reading, undefined), undefined);
  const older = 'unknown func bpf_probe_write_user#36';
  assert.match(lockedHelper(older, 'integrity')!, /locked down \(integrity\), which forbids programs to write to processes$/);
  assert.equal(lockedHelper('unknown func bpf_probe_read_user#112', 'confidentiality'), undefined);
  assert.equal(lockedHelper('R1 of bpf_probe_read is no pointer', 'confidentiality'), undefined);
});

test('what everybody may create while unprivileged BPF is on is known from the rest', () => {
  assert.deepEqual(programCapabilities(ProgType.SOCKET_FILTER), ['CAP_BPF', 'unprivileged']);
  assert.deepEqual(programCapabilities(ProgType.XDP), ['CAP_BPF', 'CAP_NET_ADMIN']);
  assert.deepEqual(programCapabilities(ProgType.KPROBE), ['CAP_BPF', 'CAP_PERFMON']);
  assert.deepEqual(mapCapabilities(MapType.HASH), ['CAP_BPF', 'unprivileged']);
  assert.deepEqual(mapCapabilities(MapType.LPM_TRIE), ['CAP_BPF']);
  assert.deepEqual(mapCapabilities(MapType.DEVMAP), ['CAP_BPF', 'CAP_NET_ADMIN']);
});
