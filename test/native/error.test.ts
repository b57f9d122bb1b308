import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errnoName, errnoSentence, isErrno, SyscallError } from '../../native/error.js';

test('an errno has a name and a sentence', () => {
  assert.equal(errnoName(1), 'EPERM');
  assert.equal(errnoName(11), 'EAGAIN');
  assert.equal(errnoName(524), 'ENOTSUPP');
  assert.equal(errnoSentence(1), 'operation not permitted');
});

test('an errno that nobody knows keeps its number', () => {
  assert.equal(errnoName(4000), 'errno 4000');
});

test('a failed call says which call and why', () => {
  const error = new SyscallError('BPF_MAP_CREATE', 22);
  assert.equal(error.message, 'BPF_MAP_CREATE: invalid argument (EINVAL)');
  assert.ok(isErrno(error, 'EPERM', 'EINVAL'));
  assert.ok(!isErrno(error, 'EPERM'));
  assert.ok(!isErrno(new Error('EINVAL'), 'EINVAL'));
});
