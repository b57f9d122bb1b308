import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VMLINUX_BTF } from '../../src/system/kernel-btf.js';
import { noRoot } from '../support/live.js';
import { tool } from '../support/tool.js';

const OBJECT = fileURLToPath(new URL('../../../test/progs/hooks-net.bpf.o', import.meta.url));
const noKernelTypes = noRoot || (existsSync(VMLINUX_BTF) ? false : `needs ${VMLINUX_BTF}`);

describe('btf dump', () => {
  test('an object file gives its types as lines, JSON or a header', async () => {
    assert.match((await tool('btf', 'dump', 'file', OBJECT)).out, /^\[1\] /);
    const { types } = JSON.parse((await tool('-j', 'btf', 'dump', 'file', OBJECT)).out);
    assert.equal(types[0].id, 1);
    assert.match((await tool('btf', 'dump', 'file', OBJECT, 'format', 'c')).out, /^#ifndef __VMLINUX_H__/);
  });

  test('root_id leaves out what the type does not need', async () => {
    const { out, status } = await tool('btf', 'dump', 'file', OBJECT, 'root_id', '1');
    assert.equal(status, 0);
    assert.equal(out.split('\n').filter((line) => /^\[\d+\]/.test(line)).length, 1);
  });

  test('what makes no sense is refused in a sentence', async () => {
    const refusals: [string[], RegExp, number][] = [
      [['file', OBJECT, 'format', 'yaml'], /no format 'yaml'/, 234],
      [['file', OBJECT, 'root_id', '99999'], /there is no type 99999/, 234],
      [['file', OBJECT, 'root_id', '1', 'root_id', '1'], /given twice/, 234],
      [['file', '/nonexistent'], /\/nonexistent: no such file/, 254],
      [['nowhere'], /where the types are/, 255],
    ];
    for (const [words, message, expected] of refusals) {
      const { err, status } = await tool('btf', 'dump', ...words);
      assert.match(err, message);
      assert.equal(status, expected);
    }
    assert.equal((await tool('-j', 'btf', 'dump', 'file', OBJECT, 'format', 'c')).status, 161);
  });

  test("the kernel's types make a header", { skip: noKernelTypes }, async () => {
    const { out, status } = await tool('btf', 'dump', 'file', VMLINUX_BTF, 'format', 'c');
    assert.equal(status, 0);
    assert.match(out, /\nstruct task_struct \{\n/);
    assert.match(out, /#endif \/\* __VMLINUX_H__ \*\/\n$/);
  });
});
