import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../commands/print/explain.js';
import { SyscallError } from '../../native/error.js';
import { NotSupportedError, UsageError } from '../../src/errors.js';

const ENOENT = 2;
const EINVAL = 22;

test('each layer adds what it knows, and nothing is said twice', () => {
  const refused = new SyscallError('BPF_OBJ_PIN', EINVAL);
  assert.equal(explain(new Error('pin map counts at /x', { cause: refused })).sentence, 'pin map counts at /x: invalid argument');
  assert.equal(explain(new Error('pin: invalid argument', { cause: refused })).sentence, 'pin: invalid argument');
  assert.equal(explain(refused).sentence, 'BPF_OBJ_PIN: invalid argument');
  const gone = new Error('there is no program with id 7', { cause: new SyscallError('BPF_PROG_GET_FD_BY_ID', ENOENT) });
  assert.equal(explain(gone).sentence, 'there is no program with id 7');
});

test("an error of Node's is told in the same manner", () => {
  const error = Object.assign(new Error("ENOENT: no such file or directory, open '/x'"), { code: 'ENOENT', syscall: 'open', path: '/x' });
  assert.equal(explain(error).sentence, 'open /x: no such file or directory');
  assert.equal(explain(new Error('read the object file', { cause: error })).sentence, 'read the object file: no such file or directory');
});

test('a sentence that says all is left alone', () => {
  const cause = new SyscallError('BPF_LINK_CREATE', EINVAL);
  assert.equal(explain(new UsageError('there is nothing at /x', { cause })).sentence, 'there is nothing at /x');
  assert.match(
    explain(new NotSupportedError('tcx', '6.6', '6.1', { cause })).sentence,
    /^tcx: not supported by this kernel \(needs 6.6, this is 6.1\)$/,
  );
});

test('a fault of the tool is called one', () => {
  assert.equal(explain(new TypeError('x is not a function')).sentence, 'internal error: x is not a function');
});

test('whatever is thrown gives a sentence on one line', () => {
  assert.equal(explain('text').sentence, 'text');
  assert.equal(explain(undefined).sentence, 'unknown error');
  assert.equal(explain(new Error('two\n  lines')).sentence, 'two lines');
});
