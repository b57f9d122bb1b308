import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { type RawForm, rawDump } from '../../src/btf/raw.js';
import type { BtfType } from '../../src/btf/types.js';
import { assertOnlyParseErrors } from '../mutate.js';
import { everyKind } from './build.js';

function dump(btf: Btf, form: RawForm, ids?: Iterable<number>, depth?: number): string {
  let text = '';
  for (const chunk of rawDump(btf, form, ids, depth)) text += Buffer.from(chunk).toString();
  return text;
}

const PLAIN = `[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED
[2] PTR '(anon)' type_id=1
[3] ARRAY '(anon)' type_id=1 index_type_id=1 nr_elems=16
[4] STRUCT 'pair' size=8 vlen=2
\t'a' type_id=1 bits_offset=0 bitfield_size=3
\t'b' type_id=1 bits_offset=32
[5] UNION 'either' size=4 vlen=1
\t'x' type_id=1 bits_offset=0
[6] ENUM 'color' encoding=SIGNED size=4 vlen=2
\t'RED' val=0
\t'NONE' val=-1
[7] FWD 'later' fwd_kind=union
[8] TYPEDEF 'number' type_id=1
[9] VOLATILE '(anon)' type_id=1
[10] CONST '(anon)' type_id=1
[11] RESTRICT '(anon)' type_id=2
[12] FUNC_PROTO '(anon)' ret_type_id=1 vlen=2
\t'ctx' type_id=2
\t'(anon)' type_id=0
[13] FUNC 'run' type_id=12 linkage=global
[14] VAR 'counter' type_id=1, linkage=global
[15] DATASEC '.data' size=4 vlen=1
\ttype_id=14 offset=0 size=4 (VAR 'counter')
[16] FLOAT 'double' size=8
[17] DECL_TAG 'note' type_id=4 component_idx=1
[18] TYPE_TAG 'rcu' type_id=1
[19] ENUM64 'wide' encoding=UNSIGNED size=8 vlen=1
\t'BIG' val=9223372036854775809ULL
`;

test('every kind of type reads as bpftool prints it, of both byte orders', () => {
  for (const littleEndian of [true, false]) assert.equal(dump(Btf.parse(everyKind(littleEndian).bytes()), 'plain'), PLAIN);
});

test('JSON has the same fields', () => {
  const btf = Btf.parse(everyKind().bytes());
  const { types } = JSON.parse(dump(btf, 'json')) as { types: unknown[] };
  assert.equal(types.length, 19);
  const members = [
    { name: 'a', type_id: 1, bits_offset: 0, bitfield_size: 3 },
    { name: 'b', type_id: 1, bits_offset: 32 },
  ];
  assert.deepEqual(types[3], { id: 4, kind: 'STRUCT', name: 'pair', size: 8, vlen: 2, members });
  assert.equal(dump(btf, 'json', [14]), '{"types":[{"id":14,"kind":"VAR","name":"counter","type_id":1,"linkage":"global"}]}');
  assert.equal(
    dump(btf, 'json', [15]),
    '{"types":[{"id":15,"kind":"DATASEC","name":".data","size":4,"vlen":1,"vars":[{"type_id":14,"offset":0,"size":4}]}]}',
  );
  assert.equal(dump(btf, 'json', []), '{"types":[]}');
  assert.deepEqual(JSON.parse(dump(btf, 'pretty', undefined, 2)), { types });
});

test('pretty JSON is indented as bpftool does it', () => {
  const btf = Btf.parse(everyKind().bytes());
  const expected = `{
        "types": [{
                "id": 5,
                "kind": "UNION",
                "name": "either",
                "size": 4,
                "vlen": 1,
                "members": [{
                        "name": "x",
                        "type_id": 1,
                        "bits_offset": 0
                    }
                ]
            },{
                "id": 2,
                "kind": "PTR",
                "name": "(anon)",
                "type_id": 1
            }
        ]
    }`;
  assert.equal(dump(btf, 'pretty', [5, 2], 1), expected);
});

test('an unsigned value that fills 32 bits is one of 64 in JSON, as bpftool has it', () => {
  const values = [{ name: 'HIGH', value: 0x80000000n }];
  const btf = Btf.parse(encodeBtf([{ kind: 'ENUM', name: 'e', size: 4, signed: false, values }]));
  assert.match(dump(btf, 'plain'), /'HIGH' val=2147483648\n/);
  assert.match(dump(btf, 'json'), /"val":18446744071562067968\}/);
});

test('only own types of split BTF are printed, and others when they are asked for', () => {
  const base = Btf.parse(everyKind().bytes());
  const split = Btf.parse(encodeBtf([{ kind: 'TYPEDEF', name: 'mine', type: 4 }], { base }), { base });
  assert.equal(dump(split, 'plain'), "[20] TYPEDEF 'mine' type_id=4\n");
  assert.equal(dump(split, 'plain', [0, 1]), "[0] UNKNOWN '(anon)'\n[1] INT 'int' size=4 bits_offset=0 nr_bits=32 encoding=SIGNED\n");
});

test('names with quotes, control characters or no Unicode leave JSON valid and a terminal alone', () => {
  const names = ['a"b', 'a\\b', 'a\u001b[31mb', 'größe', 'tab\t'];
  const btf = Btf.parse(encodeBtf(names.map((name): BtfType => ({ kind: 'FLOAT', name, size: 4 }))));
  const { types } = JSON.parse(dump(btf, 'json')) as { types: { name: string }[] };
  assert.deepEqual(
    types.map(({ name }) => name),
    names,
  );
  assert.deepEqual(dump(btf, 'plain').match(/'.*'/g), ["'a\"b'", "'a\\b'", "'a\\x1b[31mb'", "'größe'", "'tab\t'"]);
});

test('many types come in several chunks', () => {
  const types = Array.from({ length: 5000 }, (_, i): BtfType => ({ kind: 'FLOAT', name: `number_${i}`, size: i }));
  const btf = Btf.parse(encodeBtf(types));
  const lines = dump(btf, 'plain').trimEnd().split('\n');
  assert.ok([...rawDump(btf, 'plain')].length > 1);
  assert.equal(lines.length, 5000);
  assert.equal(lines[4999], "[5000] FLOAT 'number_4999' size=4999");
});

test('damaged types give parse errors and nothing else', () => {
  for (const form of ['plain', 'json'] as const)
    assertOnlyParseErrors(everyKind().bytes(), 1000, (damaged) => dump(Btf.parse(damaged), form));
});
