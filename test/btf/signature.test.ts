import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { signature } from '../../src/btf/signature.js';
import type { BtfType } from '../../src/btf/types.js';

const INT: BtfType = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 };

function functionNamed(name: string): Btf {
  return Btf.parse(
    encodeBtf([
      INT,
      { kind: 'PTR', type: 1 },
      {
        kind: 'FUNC_PROTO',
        returns: 1,
        params: [
          { name: 'a', type: 2 },
          { name: '', type: 1 },
        ],
      },
      { kind: 'FUNC', name, type: 3, linkage: 1 },
    ]),
  );
}

test('a function stands on one line with its parameters', () => {
  assert.equal(signature(functionNamed('count'), 4), 'int count(int * a, int)');
});

test('a signature has no more characters than bpftool has room for', () => {
  const rest = 'int (int * a, int)'.length;
  assert.equal(signature(functionNamed('f'.repeat(1023 - rest)), 4)?.length, 1023);
  assert.equal(signature(functionNamed('f'.repeat(1024 - rest)), 4), undefined);
});

test('prototypes that double with every level have no signature, and take no time', () => {
  const levels = Array.from({ length: 60 }, (_, i): BtfType => {
    const param = { name: '', type: i + 1 };
    return { kind: 'FUNC_PROTO', returns: i + 1, params: [param, param] };
  });
  assert.equal(signature(Btf.parse(encodeBtf([INT, ...levels])), 61), undefined);
});
