import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyscallError } from '../../native/error.js';
import { NotSupportedError } from '../../src/errors.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { MAP_TYPES } from '../../src/kernel/map-types.js';
import { BpfMap } from '../../src/map/map.js';
import { explainUnsupported, mapTypeFeature, progTypeFeature } from '../../src/probe/unsupported.js';
import { isOlderThan, kernelRelease } from '../../src/system/kernel-version.js';
import { noRoot } from '../support/live.js';

const refusal = new SyscallError('BPF_LINK_CREATE', 22);

test('a kernel that is too old is named as the reason of a refusal', () => {
  const error = explainUnsupported({ name: 'attach tcx to eth0', since: '99.1' }, refusal) as NotSupportedError;
  assert.ok(error instanceof NotSupportedError);
  assert.equal(error.message, `attach tcx to eth0: not supported by this kernel (needs 99.1, this is ${kernelRelease()})`);
  assert.equal(error.cause, refusal);
});

test('a refusal stays what it is when the kernel has the feature, or when it has another reason', () => {
  assert.equal(explainUnsupported({ name: 'x', since: '3.0' }, refusal), refusal);
  const denied = new SyscallError('BPF_LINK_CREATE', 1);
  assert.equal(explainUnsupported({ name: 'x', since: '99.1' }, denied), denied);
});

test('a kernel that says it has the feature is believed, whatever its version', () => {
  assert.equal(explainUnsupported({ name: 'x', since: '99.1', have: () => true }, refusal), refusal);
  const without = explainUnsupported({ name: 'x', since: '3.0', have: () => false }, refusal);
  assert.match((without as Error).message, /^x: not supported by this kernel \(this is /);
});

test('types are looked for by making one of them', { skip: noRoot }, () => {
  assert.equal(mapTypeFeature(MapType.HASH).have!(), true);
  assert.equal(mapTypeFeature(999).have!(), false);
  assert.equal(progTypeFeature(1).have!(), true);
  assert.equal(progTypeFeature(999).have!(), false);
});

test('a map of a type that this kernel lacks says which kernel has it', { skip: noRoot }, (t) => {
  const newer = MAP_TYPES.find((type) => type?.name === 'rhash' && isOlderThan(type.since));
  if (!newer) return t.skip('needs a kernel before 7.2');
  const attributes = { type: newer.number, keySize: 4, valueSize: 4, maxEntries: 1, name: 'counts', flags: 1 };
  assert.throws(
    () => BpfMap.create(attributes),
    /^NotSupportedError: create map counts \(rhash\): not supported by this kernel \(needs 7\.2, /,
  );
});
