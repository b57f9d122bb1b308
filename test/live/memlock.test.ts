import { test } from 'node:test';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { assertSentence, bundle } from '../support/bundle.js';
import { noRoot } from '../support/live.js';

const before511 = isOlderThan('5.11') ? noRoot : 'needs a kernel before 5.11';

test('memory that may not be locked is named where a map or program is refused for it', { skip: before511 }, async () => {
  const without = ['setpriv', '--bounding-set=-sys_resource', '--inh-caps=-sys_resource', 'prlimit', '--memlock=0'];
  const words = /operation not permitted \(this kernel counts BPF memory against RLIMIT_MEMLOCK, which is 0 bytes here; raise 'ulimit -l'/;
  const create = ['map', 'create', '/sys/fs/bpf/none', 'type', 'hash', 'key', '4', 'value', '8', 'entries', '10', 'name', 'none'];
  assertSentence(await bundle(create, without), words);
});
