import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionBlocks } from '../../src/asm/blocks.js';
import { dot } from '../../src/asm/dot.js';
import { Instructions } from '../../src/asm/instructions.js';
import { jsonRow, listing, type ProgramText, plainRow } from '../../src/asm/listing.js';

// r1 = map[id:3]; if r0 == 0 goto the second-last; call f; w0 = 0; exit | f: exit
const INSTRUCTIONS = Instructions.of([
  { code: 0x18, dst: 1, src: 1, off: 0, imm: 3 },
  { code: 0, dst: 0, src: 0, off: 0, imm: 0 },
  { code: 0x15, dst: 0, src: 0, off: 1, imm: 0 },
  { code: 0x85, dst: 0, src: 1, off: 2, imm: 1 },
  { code: 0xb4, dst: 0, src: 0, off: 0, imm: 0 },
  { code: 0x95, dst: 0, src: 0, off: 0, imm: 0 },
  { code: 0x95, dst: 0, src: 0, off: 0, imm: 0 },
]);
const PROGRAM: ProgramText = {
  instructions: INSTRUCTIONS,
  functions: [
    { offset: 0, prototype: 'int count(struct xdp_md * ctx)' },
    { offset: 6, prototype: undefined },
  ],
  lines: [
    { offset: 0, text: '\tif (!lookup(&m, "a|b"))', file: 'count.bpf.c', line: 7, column: 5 },
    { offset: 4, text: '}', file: undefined, line: 9, column: 0 },
  ],
  names: { immediate: (insn) => `map[id:${insn.imm}]`, call: () => '+2#f' },
};

test('a listing puts declarations and source lines above the instructions they begin at', () => {
  assert.equal(
    [...listing(PROGRAM)].map(plainRow).join(''),
    `int count(struct xdp_md * ctx):
; if (!lookup(&m, "a|b"))
   0: (18) r1 = map[id:3]
   2: (15) if r0 == 0x0 goto pc+1
   3: (85) call pc+2#f
; }
   4: (b4) w0 = 0
   5: (95) exit
   6: (95) exit
`,
  );
});

test('opcodes follow on a line of their own, linum behind the source', () => {
  const rows = [...listing(PROGRAM, { opcodes: true, linum: true })];
  assert.equal(
    plainRow(rows[0]!),
    `int count(struct xdp_md * ctx):
; if (!lookup(&m, "a|b")) [file:count.bpf.c line_num:7 line_col:5]
   0: (18) r1 = map[id:3]
       18 11 00 00 03 00 00 00 00 00 00 00 00 00 00 00
`,
  );
  assert.equal(plainRow(rows[3]!), '; } [file: line_num:9 line_col:0]\n   4: (b4) w0 = 0\n       b4 00 00 00 00 00 00 00\n');
});

test('JSON has the keys of bpftool, and only those that are known', () => {
  const rows = [...listing(PROGRAM, { opcodes: true, linum: true })].map(jsonRow);
  const known = JSON.parse(JSON.stringify(rows));
  assert.deepEqual(Object.keys(known[0]), ['proto', 'src', 'file', 'line_num', 'line_col', 'disasm', 'opcodes']);
  assert.equal(known[0].opcodes.imm.length, 12);
  assert.deepEqual(known[2].opcodes, {
    code: '0x85',
    src_reg: '0x1',
    dst_reg: '0x0',
    off: ['0x02', '0x00'],
    imm: ['0x01', '0x00', '0x00', '0x00'],
  });
  assert.deepEqual(Object.keys(known[3]), ['src', 'line_num', 'disasm', 'opcodes']);
});

test('a line of source that begins on no instruction is given to the next one, and each only once', () => {
  const lines = [0, 1, 3].map((offset) => ({ offset, text: `line ${offset}`, file: undefined, line: 1, column: 1 }));
  const rows = [...listing({ ...PROGRAM, lines })];
  assert.deepEqual(
    rows.map((row) => row.source?.offset),
    [0, 1, 3, undefined, undefined, undefined],
  );
});

test('blocks end at jumps and begin where they lead; exit leads to the end', () => {
  assert.deepEqual(functionBlocks(INSTRUCTIONS), [
    {
      number: 0,
      first: 0,
      last: 5,
      blocks: [
        { first: 0, last: 2, successors: [1, 2] },
        { first: 3, last: 3, successors: [2] },
        { first: 4, last: 5, successors: [3] },
      ],
    },
    { number: 1, first: 6, last: 6, blocks: [{ first: 6, last: 6, successors: [1] }] },
  ]);
});

test('the graph has a record for each block, with what DOT takes for markup escaped', () => {
  const text = [...dot(PROGRAM)].join('');
  assert.match(text, /^digraph "DOT graph for eBPF program" \{\nsubgraph "cluster_0" \{\n/);
  assert.ok(
    text.includes('; if\\ (!lookup(&m,\\ \\"a\\|b\\"))\\l\\\n0: (18) r1 = map[id:3]\\l\\\n| 2: (15) if r0 == 0x0 goto pc+1\\l\\\n}"];\n\n'),
  );
  assert.ok(text.includes('\tfn_0_bb_2:s -> fn_0_bb_4:n [style="solid,bold", color=black, weight=10, constraint=true];\n'));
  assert.ok(text.includes('\tfn_1_bb_2 [shape=record,style=filled,label="{\\\n0: (95) exit\\l\\\n}"];\n'));
});
