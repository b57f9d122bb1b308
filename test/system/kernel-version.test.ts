import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOlderThan, versionCode, versionFrom } from '../../src/system/kernel-version.js';

test('the version of a kernel is read where its distribution writes it', () => {
  const generic = { version: '#1 SMP PREEMPT_DYNAMIC', signature: undefined };
  assert.deepEqual(versionFrom({ ...generic, release: '6.18.44-fc' }), [6, 18, 44]);
  assert.deepEqual(versionFrom({ ...generic, release: '7.2-rc1' }), [7, 2, 0]);
  assert.deepEqual(versionFrom({ release: '4.19.0-22-amd64', version: '#1 SMP Debian 4.19.260-1 (2022-09-29)' }), [4, 19, 260]);
  const ubuntu = { release: '5.4.0-12-generic', version: '#15-Ubuntu SMP', signature: 'Ubuntu 5.4.0-12.15-generic 5.4.8\n' };
  assert.deepEqual(versionFrom(ubuntu), [5, 4, 8]);
  assert.deepEqual(versionFrom({ ...generic, release: 'unreadable' }), [0, 0, 0]);
});

test('a version is packed as the kernel packs it, with the patch number in eight bits', () => {
  assert.equal(versionCode([5, 4, 8]), 0x050408);
  assert.equal(versionCode([4, 19, 260]), 0x0413ff);
});

test('versions are compared as numbers', () => {
  assert.equal(isOlderThan('6.10', '6.9.1-arch1'), true);
  assert.equal(isOlderThan('6.9', '6.10.0'), false);
  assert.equal(isOlderThan('5.7', '6.1.0-56-amd64'), false);
});
