import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyscallError } from '../../native/error.js';
import { NotSupportedError } from '../../src/errors.js';
import { findHook, placeText } from '../../src/link/attach.js';
import { refused } from '../../src/link/attempt.js';
import { wordsOf } from '../../src/link/target.js';

test('a place reads in the words that attach to it', () => {
  assert.equal(placeText('tcx/ingress', { dev: 'eth0' }), 'tcx/ingress dev eth0');
  assert.equal(placeText('tc', { dev: 'eth0', egress: true, priority: 5 }), 'tc dev eth0 egress priority 5');
  assert.equal(placeText('tcx/egress', { dev: 'a', before: { kind: 'program', id: 7 } }), 'tcx/egress dev a before prog id 7');
  assert.equal(placeText('tcx/egress', { dev: 'a', after: { kind: 'link', id: 9 } }), 'tcx/egress dev a after link id 9');
  assert.equal(placeText('tcx/egress', { dev: 'a', before: 'all', netlink: false }), 'tcx/egress dev a before');
  assert.equal(placeText('sk_msg', { map: { fd: 5, id: 12 } }), 'sk_msg map id 12');
  assert.equal(placeText('raw_tp/sys_enter', { cookie: 5n, mode: undefined }), 'raw_tp/sys_enter cookie 5');
});

test('each hook names the words it takes, its target first', () => {
  assert.deepEqual(wordsOf(findHook('xdp')), ['dev', 'mode', 'netlink']);
  assert.deepEqual(wordsOf(findHook('cgroup/connect4')), ['cgroup', 'before', 'after']);
  assert.deepEqual(wordsOf(findHook('raw_tp/x')), ['cookie']);
  assert.deepEqual(wordsOf(findHook('sk_lookup')), ['netns']);
});

const since = (error: Error, version: string) => refused('attach to x', error, { EEXIST: 'it is taken' }, version);

test('a kernel that is too old is the reason only for answers that mean: I do not know that', () => {
  const unknown = since(new SyscallError('BPF_LINK_CREATE', 22), '999.0');
  assert.ok(unknown instanceof NotSupportedError);
  assert.match(unknown.message, /^attach to x: not supported by this kernel \(needs 999\.0, this is /);
  assert.ok(!(since(new SyscallError('BPF_LINK_CREATE', 22), '3.0') instanceof NotSupportedError));
  assert.ok(!(since(new SyscallError('BPF_LINK_CREATE', 1), '999.0') instanceof NotSupportedError));
});

test('a reason that is known stands in place of the words of the errno', () => {
  const taken = since(new SyscallError('BPF_LINK_CREATE', 17), '3.0');
  assert.deepEqual([taken.message, taken.cause], ['attach to x: it is taken', undefined]);
  const other = since(new SyscallError('BPF_LINK_CREATE', 12), '3.0');
  assert.deepEqual([other.message, (other.cause as SyscallError).code], ['attach to x', 'ENOMEM']);
});
