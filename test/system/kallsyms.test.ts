import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Kallsyms } from '../../src/system/kallsyms.js';

const folder = mkdtempSync(join(tmpdir(), 'kallsyms-'));
after(() => rmSync(folder, { recursive: true }));

const LINES = [
  'ffffffff81000000 T _text',
  'ffffffff81000000 T _stext',
  'ffffffff81000010 T __pfx___bpf_call_base',
  'ffffffff81000020 T __bpf_call_base',
  'ffffffffc0001000 t nf_hook\t[nf_tables]',
  'ffffffffc0002000 t bpf_prog_aabbccddeeff0011_count\t[bpf]',
];

function symbols(lines: readonly string[], body: (symbols: Kallsyms) => void): void {
  const path = join(folder, 'kallsyms');
  writeFileSync(path, `${lines.join('\n')}\n`);
  using kallsyms = new Kallsyms(path);
  body(kallsyms);
}

test('a symbol is found by its whole name, with its module', () => {
  symbols(LINES, (kallsyms) => {
    assert.deepEqual(kallsyms.find('__bpf_call_base'), { address: 0xffffffff81000020n, name: '__bpf_call_base', module: undefined });
    assert.equal(kallsyms.find('nf_hook')?.module, 'nf_tables');
    assert.equal(kallsyms.find('call_base'), undefined);
  });
});

test('the first of several names of an address is given', () => {
  symbols(LINES, (kallsyms) => {
    assert.equal(kallsyms.nameAt(0xffffffff81000000n), '_text');
    assert.equal(kallsyms.nameAt(0xffffffffc0002000n), 'bpf_prog_aabbccddeeff0011_count');
    assert.equal(kallsyms.nameAt(0xffffffff81000008n), undefined);
  });
});

test('many names are found as one is', () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${(0xffffffff81000000n + BigInt(i) * 16n).toString(16)} t f${i}`);
  symbols(lines, (kallsyms) => {
    for (let i = 0; i < 30_000; i += 500) assert.equal(kallsyms.nameAt(0xffffffff81000000n + BigInt(i) * 16n), `f${i}`);
    assert.equal(kallsyms.nameAt(1n), undefined);
    assert.equal([...kallsyms.all()].length, 30_000);
  });
});

test('hidden addresses give no symbol instead of a wrong one', () => {
  symbols(
    LINES.map((line) => line.replace(/^\w+/, '0000000000000000')),
    (kallsyms) => {
      assert.equal(kallsyms.find('__bpf_call_base'), undefined);
      assert.equal(kallsyms.nameAt(0n), undefined);
      assert.equal(kallsyms.nameAt(0xffffffff81000020n), undefined);
    },
  );
});

test('an address is found in the function it is in, of the kernel, a module or a program', () => {
  symbols([...LINES, 'ffffffff82000000 D data'], (kallsyms) => {
    assert.deepEqual(kallsyms.containing(0xffffffff81000025n), {
      symbol: { address: 0xffffffff81000020n, name: '__bpf_call_base', module: undefined },
      offset: 5,
    });
    assert.equal(kallsyms.containing(0xffffffffc0001fffn)?.symbol.name, 'nf_hook');
    assert.equal(kallsyms.containing(0xffffffff81000000n)?.symbol.name, '_text');
    assert.equal(kallsyms.containing(0xffffffff80ffffffn), undefined);
    // Of user space, which numbers alike.
    assert.equal(kallsyms.containing(0x7fff81000025n), undefined);
  });
  symbols(['0000000000000000 T hidden'], (kallsyms) => assert.equal(kallsyms.containing(0xffffffff81000025n), undefined));
});
