import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachTypes, linkTypes, mapTypes, progTypes } from '../../src/kernel/names.js';

test('types have the names that libbpf gives them', () => {
  assert.equal(progTypes.nameOf(3), 'sched_cls');
  assert.equal(progTypes.nameOf(24), 'raw_tracepoint_writable');
  assert.equal(mapTypes.nameOf(19), 'cgroup_storage');
  assert.equal(attachTypes.nameOf(0), 'cgroup_inet_ingress');
  assert.equal(attachTypes.nameOf(23), 'trace_raw_tp');
  assert.equal(linkTypes.nameOf(1), 'raw_tracepoint');
});

test('a name gives its number back, in this spelling only', () => {
  for (const table of [progTypes, mapTypes, attachTypes, linkTypes]) {
    table.names.forEach((name, value) => {
      assert.equal(table.valueOf(name), value);
    });
  }
  assert.equal(progTypes.valueOf('XDP'), undefined);
  assert.equal(progTypes.valueOf('xd'), undefined);
});

test('a type newer than this release prints its number', () => {
  assert.equal(linkTypes.nameOf(9999), undefined);
  assert.equal(linkTypes.textOf(9999), '9999');
  assert.equal(linkTypes.textOf(6), 'xdp');
});
