import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FEATURES, type Feature, KernelFeatures, NOT_EVERYWHERE } from '../../src/probe/features.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noRoot, openBpfDescriptors } from '../support/live.js';

test('a kernel has what its version is believed to have, and asking leaves nothing open', { skip: noRoot }, () => {
  const features = new KernelFeatures(0, false);
  const before = openBpfDescriptors();
  for (const feature of Object.keys(FEATURES) as Feature[]) {
    const has = features.has(feature);
    if (!NOT_EVERYWHERE.has(feature) && !isOlderThan(FEATURES[feature].since))
      assert.ok(has, `${feature}, since ${FEATURES[feature].since}`);
  }
  assert.equal(openBpfDescriptors(), before);
});
