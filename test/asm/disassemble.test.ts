import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disassemble, type Names } from '../../src/asm/disassemble.js';
import { Instructions } from '../../src/asm/instructions.js';
import { helperId, helperName } from '../../src/kernel/helpers.js';

function text(code: number, dst: number, src: number, off: number, imm: number, high = 0, names: Names = {}): string {
  return disassemble(
    Instructions.of([
      { code, dst, src, off, imm },
      { code: 0, dst: 0, src: 0, off: 0, imm: high },
    ]),
    0,
    names,
  );
}

// Each line as kernel/bpf/disasm.c prints it.
const TEXTS: [insn: Parameters<typeof text>, expected: string][] = [
  [[0xb7, 0, 0, 0, 5], '(b7) r0 = 5'],
  [[0xb4, 0, 0, 0, -1], '(b4) w0 = -1'],
  [[0xbf, 1, 2, 0, 0], '(bf) r1 = r2'],
  [[0xbf, 1, 2, 8, 0], '(bf) r1 = (s8)r2'],
  [[0xbc, 1, 2, 16, 0], '(bc) w1 = (s16)w2'],
  [[0xbf, 1, 2, 32, 0], '(bf) r1 = (s32)r2'],
  [[0xbf, 1, 2, 1, 0x10000], '(bf) r1 = addr_space_cast(r2, 1, 0)'],
  [[0xbf, 1, 2, -1, 0], '(bf) r1 = &(void __percpu *)(r2)'],
  [[0x3f, 1, 2, 1, 0], '(3f) r1 s/= r2'],
  [[0x97, 1, 0, 1, 3], '(97) r1 s%= 3'],
  [[0xc7, 1, 0, 0, 32], '(c7) r1 s>>= 32'],
  [[0x87, 1, 0, 0, 0], '(87) r1 = -r1'],
  [[0xd4, 1, 0, 0, 16], '(d4) r1 = le16 r1'],
  [[0xdc, 1, 0, 0, 32], '(dc) r1 = be32 r1'],
  [[0xd7, 1, 0, 0, 64], '(d7) r1 = bswap64 r1'],
  [[0x61, 1, 2, 4, 0], '(61) r1 = *(u32 *)(r2 +4)'],
  [[0x91, 1, 2, 4, 0], '(91) r1 = *(s8 *)(r2 +4)'],
  [[0x7b, 10, 1, -8, 0], '(7b) *(u64 *)(r10 -8) = r1'],
  [[0x6a, 10, 0, -8, 7], '(6a) *(u16 *)(r10 -8) = 7'],
  [[0xdb, 1, 2, 0, 0], '(db) lock *(u64 *)(r1 +0) += r2'],
  [[0xc3, 1, 2, 0, 1], '(c3) r2 = atomic_fetch_add((u32 *)(r1 +0), r2)'],
  [[0xdb, 1, 2, 0, 0xe1], '(db) r2 = atomic64_xchg((u64 *)(r1 +0), r2)'],
  [[0xdb, 1, 2, 0, 0xf1], '(db) r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)'],
  [[0xdb, 1, 2, 8, 0x100], '(db) r1 = load_acquire((u64 *)(r2 +8))'],
  [[0xc3, 1, 2, 8, 0x110], '(c3) store_release((u32 *)(r1 +8), r2)'],
  [[0x30, 0, 0, 0, 12], '(30) r0 = *(u8 *)skb[12]'],
  [[0x48, 0, 3, 0, 12], '(48) r0 = *(u16 *)skb[r3 + 12]'],
  [[0x05, 0, 0, -3, 0], '(05) goto pc-3'],
  [[0x06, 0, 0, 0, 70000], '(06) gotol pc+70000'],
  [[0xe5, 0, 0, 4, 0], '(e5) may_goto pc+4'],
  [[0x0d, 3, 0, 0, 0], '(0d) gotox r3'],
  [[0x15, 1, 0, 2, -1], '(15) if r1 == 0xffffffff goto pc+2'],
  [[0xce, 1, 2, 2, 0], '(ce) if w1 s< w2 goto pc+2'],
  [[0x95, 0, 0, 0, 0], '(95) exit'],
  [[0x85, 0, 0, 0, 1], '(85) call bpf_map_lookup_elem#1'],
  [[0x85, 0, 0, 0, 195896080], '(85) call unknown#195896080'],
  [[0x85, 0, 1, 0, 7], '(85) call pc+7'],
  [[0x85, 0, 2, 0, 7], '(85) call kernel-function#7'],
  [[0x18, 1, 0, 0, -2, 1], '(18) r1 = 0x1fffffffe'],
  [[0xc2, 0, 0, 0, 0], '(c2) nospec'],
  [[0xa1, 0, 0, 0, 0], 'BUG_ldx_a1'],
  [[0xdb, 0, 0, 0, 3], 'BUG_db'],
  [[0xfb, 2, 3, 0, 1], '(fb) probe r3 = atomic64_fetch_add((u64 *)(r2 +0), r3)'],
  [[0xe3, 1, 2, 8, 0], '(e3) probe lock *(u32 *)(r1 +8) += r2'],
  [[0xfb, 0, 0, 0, 3], 'BUG_fb'],
];

test('instructions of every kind read as the kernel prints them', () => {
  for (const [insn, expected] of TEXTS) assert.equal(text(...insn), expected);
});

test('resolvers name what calls go to and what immediates stand for', () => {
  const names: Names = {
    call: (c) => (c.src === 1 ? '+8#bpf_prog_aa_f' : 'htab_map_get'),
    immediate: (l, _, high) => `map[id:${l.imm}][0]+${high}`,
  };
  assert.equal(text(0x85, 0, 1, 8, 1, 0, names), '(85) call pc+8#bpf_prog_aa_f');
  assert.equal(text(0x85, 0, 0, 0, -4096, 0, names), '(85) call htab_map_get#-4096');
  assert.equal(text(0x85, 0, 0, 0, 1, 0, names), '(85) call bpf_map_lookup_elem#1');
  assert.equal(text(0x18, 1, 2, 0, 7, 16, names), '(18) r1 = map[id:7][0]+16');
});

test('helpers have the number and name that bpf.h gives them', () => {
  assert.equal(helperName(0), 'bpf_unspec');
  assert.equal(helperName(211), 'bpf_cgrp_storage_delete');
  assert.equal(helperName(212), undefined);
  assert.equal(helperName(-5), undefined);
  assert.equal(helperId('bpf_trace_printk'), 6);
  assert.equal(helperId('map_update_elem'), 2);
});
