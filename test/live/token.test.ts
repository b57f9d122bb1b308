import assert from 'node:assert/strict';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MountFlag, mount, NamespaceFlag, unmount, unshare } from '../../native/system.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { capture } from '../support/capture.js';
import { noRoot } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';

const skip = noRoot || (isOlderThan('6.9') ? 'needs Linux 6.9, for BPF tokens' : false);
const directory = mkdtempSync(join(tmpdir(), 'bpf-token-'));

before(() => {
  if (skip) return;
  unshare(NamespaceFlag.NEWNS);
  mount('none', '/', '', MountFlag.REC | MountFlag.PRIVATE);
  const many = ['map_create', 'map_lookup_elem', 'prog_load', 'btf_load', 'link_create', 'link_update'].join(':');
  mount('bpf', directory, 'bpf', 0, `delegate_cmds=${many},delegate_maps=array:hash,delegate_progs=kprobe,delegate_attachs=any`);
});

after(() => {
  if (!skip) unmount(directory);
  rmdirSync(directory);
});

test('a BPF file system that delegates is shown with what it delegates', { skip }, async () => {
  const { out } = await capture(['-j', 'token']);
  const row = (JSON.parse(out) as { token_info: string }[]).find((each) => each.token_info === directory);
  assert.deepEqual(row, {
    token_info: directory,
    allowed_cmds: ['map_create', 'map_lookup_elem', 'prog_load', 'btf_load', 'link_create', 'link_update'],
    allowed_maps: ['hash', 'array'],
    allowed_progs: ['kprobe'],
    allowed_attachs: ['any'],
  });
});

for (const form of [[], ['-j'], ['-p']]) {
  test(`token list ${form.join('')} prints what the reference prints`, { skip: skip || noReference }, async (t) => {
    if (referenceVersion < 707) return t.skip('needs bpftool 7.7, which knows tokens');
    assert.equal((await capture([...form, 'token', 'list'])).out, runReference([...form, 'token', 'list']).out);
  });
}
