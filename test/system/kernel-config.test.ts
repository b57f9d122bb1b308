import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { findConfig, KernelConfig } from '../../src/system/kernel-config.js';

const TEXT = `#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 6.18.0 Kernel Configuration
#
CONFIG_BPF=y
# CONFIG_BPF_LIRC_MODE2 is not set
CONFIG_HZ=250
CONFIG_CC_VERSION_TEXT="gcc (Debian) 12"
CONFIG_EMPTY=
CONFIG_LAST=m`;

test('an option of the kernel is its text, whole names only', () => {
  const config = new KernelConfig(TEXT);
  assert.equal(config.get('CONFIG_BPF'), 'y');
  assert.equal(config.get('CONFIG_HZ'), '250');
  assert.equal(config.get('CONFIG_CC_VERSION_TEXT'), '"gcc (Debian) 12"');
  assert.equal(config.get('CONFIG_LAST'), 'm');
  for (const unset of ['CONFIG_BPF_LIRC_MODE2', 'CONFIG_EMPTY', 'CONFIG_B', 'BPF']) assert.equal(config.get(unset), undefined);
});

test('the configuration is taken from the first file that is one, compressed or not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  try {
    const [plain, packed, other] = ['plain', 'packed', 'other'].map((name) => join(folder, name));
    writeFileSync(plain!, TEXT);
    writeFileSync(packed!, gzipSync(TEXT.replace('250', '1000')));
    writeFileSync(other!, 'CONFIG_HZ=100\nCONFIG_HZ=100\n');
    assert.equal(findConfig([join(folder, 'none'), other!, packed!, plain!])?.get('CONFIG_HZ'), '1000');
    assert.equal(findConfig([plain!, packed!])?.get('CONFIG_HZ'), '250');
    assert.equal(findConfig([other!]), undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
