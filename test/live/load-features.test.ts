import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FEATURES, type Feature, KernelFeatures } from '../../src/probe/features.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noRoot, openBpfDescriptors } from '../support/live.js';

// What depends on how the kernel was built, or on the machine.
const NOT_EVERYWHERE = new Set<Feature>([
  'syscallWrapper',
  'uprobeMultiLink',
  'uprobeSyscall',
  'argCtxTag',
  'perfLink',
  'cookie',
  'probeReadKernel',
]);

test('a kernel has every feature of its version, and asking leaves nothing open', { skip: noRoot }, () => {
  const features = new KernelFeatures();
  const before = openBpfDescriptors();
  for (const feature of Object.keys(FEATURES) as Feature[]) {
    const has = features.has(feature);
    if (!NOT_EVERYWHERE.has(feature) && !isOlderThan(FEATURES[feature].since))
      assert.ok(has, `${feature}, since ${FEATURES[feature].since}`);
  }
  assert.equal(openBpfDescriptors(), before);
});
