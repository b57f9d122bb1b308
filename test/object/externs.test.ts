import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParseError } from '../../src/bytes/cursor.js';
import { kconfigNumber, kconfigValue } from '../../src/object/kconfig.js';
import type { KconfigExtern } from '../../src/object/spec.js';
import { mapOf, parsed } from './objects.js';

const SPEC = parsed('load-externs');
const extern = (name: string) => SPEC.externs.find((candidate) => candidate.name === name)!;

test('settings come first, by alignment, size and name, and have places in one map', () => {
  const settings = SPEC.externs.filter((candidate): candidate is KconfigExtern => candidate.kind === 'kconfig');
  assert.deepEqual(
    settings.map(({ name, type, offset, weak }) => [name, type, offset, weak]),
    [
      ['CONFIG_HZ', 'int', 0, true],
      ['CONFIG_NET', 'tristate', 4, false],
      ['LINUX_KERNEL_VERSION', 'int', 8, false],
      ['LINUX_SOMETHING_TO_COME', 'int', 12, true],
      ['CONFIG_BPF_SYSCALL', 'bool', 16, false],
      ['CONFIG_NOT_THERE_AT_ALL', 'char', 17, true],
      ['LINUX_HAS_BPF_COOKIE', 'bool', 18, false],
      ['CONFIG_CC_VERSION_TEXT', 'string', 19, true],
    ],
  );
  const map = mapOf(SPEC, '.kconfig');
  assert.equal(map.valueSize, 35);
  assert.equal(map.name, 'load-ex.kconfig'.replace('-', '_'));
});

test('symbols of the kernel: typed or not, functions, weak ones', () => {
  const shape = (name: string) => {
    const found = extern(name);
    return found.kind === 'ksym' ? [found.isFunction, found.weak, found.typeId !== 0] : undefined;
  };
  assert.deepEqual(shape('_stext'), [false, false, false]);
  assert.deepEqual(shape('no_such_symbol_at_all'), [false, true, false]);
  assert.deepEqual(shape('bpf_rcu_read_lock'), [true, false, true]);
  assert.deepEqual(shape('bpf_no_such_function'), [true, true, true]);
});

test('in the types externs have become variables, which is all that the kernel takes', () => {
  const btf = SPEC.btf!;
  const section = btf.type(btf.find('.ksyms', 'DATASEC')!);
  assert.ok(section.kind === 'DATASEC');
  for (const entry of section.entries) {
    const variable = btf.type(entry.type);
    assert.ok(variable.kind === 'VAR' && variable.linkage === 1, variable.kind);
  }
  assert.equal(section.size, section.entries.length * 4);
});

test('values of settings are read by the type of the extern', () => {
  const of = (type: KconfigExtern['type'], size: number, signed = false): KconfigExtern => ({
    kind: 'kconfig',
    name: 'CONFIG_X',
    weak: false,
    type,
    size,
    offset: 0,
    signed,
  });
  assert.deepEqual([...kconfigValue(of('bool', 1), 'y')], [1]);
  assert.deepEqual([...kconfigValue(of('tristate', 4), 'm')], [2, 0, 0, 0]);
  assert.deepEqual([...kconfigValue(of('char', 1), 'm')], ['m'.charCodeAt(0)]);
  assert.deepEqual([...kconfigValue(of('char', 1), '7')], [7]);
  assert.deepEqual([...kconfigValue(of('int', 2), '0x1ff')], [0xff, 1]);
  assert.deepEqual([...kconfigValue(of('int', 4), '010')], [8, 0, 0, 0]);
  assert.deepEqual([...kconfigValue(of('int', 2, true), '-2')], [0xfe, 0xff]);
  assert.deepEqual([...kconfigValue(of('string', 4), '"abcdef"')], [...Buffer.from('abc\0')]);
  assert.deepEqual([...kconfigNumber(of('bool', 1), 1n)], [1]);
  const refused: [KconfigExtern, string][] = [
    [of('bool', 1), 'm'],
    [of('bool', 1), '2'],
    [of('int', 2), '65536'],
    [of('int', 2, true), '32768'],
    [of('int', 2), '-1'],
    [of('int', 4), 'y'],
    [of('int', 4), '12x'],
    [of('string', 4), 'y'],
    [of('string', 4), '"abc'],
    [of('int', 8), '99999999999999999999'],
  ];
  for (const [spec, text] of refused) assert.throws(() => kconfigValue(spec, text), ParseError, `${spec.type} ${text}`);
});
