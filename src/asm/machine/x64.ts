import type { Found, Language, MachineInstruction } from './disassembler.js';

const BRANCH = /^(?:j\w+|callq?|loop\w*|xbegin)$/;
const SHIFT = /^(?:sh[lr]|sa[lr]|ro[lr]|rc[lr])[bwlq]$/;
const BITS: Readonly<Record<string, number>> = { b: 8, w: 16, l: 32, q: 64 };
const LOCK = 0xf0;
// One-byte opcodes. SHIFT_BY_1 has the count 1 in itself; the others have an immediate of one byte that is extended with its sign.
const SHIFT_BY_1 = new Set([0xd0, 0xd1]);
const SHORT_IMMEDIATE = new Set([0x83, 0x6b, 0x6a]);

/**
 * x86-64 in AT&T's syntax. LLVM prints immediates with the sign they are extended with: those of one byte, and 64-bit ones; of 16 and 32 bits only where the
 * instruction holds one byte of them.
 */
export const x64: Language = {
  open: (capstone) => {
    const engine = new capstone.Capstone(capstone.ARCH_X86, capstone.MODE_64);
    engine.option(capstone.OPT_SYNTAX, capstone.OPT_SYNTAX_ATT);
    return engine;
  },
  rewrite: (found) => (found.bytes[0] === LOCK ? [{ length: 1, text: 'lock' }, withoutLock(found)] : [whole(found)]),
  step: 1,
  data: (bytes) => `.byte\t0x${bytes[0]!.toString(16).padStart(2, '0')}`,
};

type Written = Omit<MachineInstruction, 'offset'>;

function withoutLock(found: Found): Written {
  return whole({ ...found, bytes: found.bytes.subarray(1), mnemonic: found.mnemonic.replace(/^lock /, '') });
}

function whole({ bytes, mnemonic: written, operands }: Found): Written {
  const length = bytes.length;
  // LLVM passes over this prefix.
  const mnemonic = written.replace(/^notrack /, '');
  if (operands === '') return { length, text: mnemonic };
  const direct = BRANCH.test(mnemonic) && /^(?:0x)?[0-9a-f]+$/.test(operands);
  if (direct) {
    const target = BigInt(operands);
    return { length, text: `${mnemonic}\t0x${target.toString(16)}`, target };
  }
  return { length, text: `${mnemonic}\t${operandText(mnemonic, operands, opcodeOf(bytes))}` };
}

function operandText(mnemonic: string, operands: string, opcode: number): string {
  let text = operands.replace(/\([^)]*\)/g, (memory) => memory.replaceAll(', ', ','));
  if (SHIFT.test(mnemonic) && SHIFT_BY_1.has(opcode)) text = text.replace(/^\$1, /, '');
  const suffix = mnemonic.at(-1)!;
  const bits = suffix === 'b' || SHORT_IMMEDIATE.has(opcode) ? (BITS[suffix] ?? 64) : 64;
  return text.replace(/(\$?)(-?)(0x[0-9a-f]+|\b\d+\b)/g, (_, dollar: string, minus: string, digits: string) => {
    const value = BigInt.asIntN(dollar ? bits : 64, BigInt(digits));
    return `${dollar}${minus ? -value : value}`;
  });
}

/** The first byte behind the prefixes. */
function opcodeOf(bytes: Uint8Array): number {
  return bytes.find((byte) => !isPrefix(byte)) ?? 0;
}

function isPrefix(byte: number): boolean {
  return (byte >= 0x40 && byte <= 0x4f) || [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3].includes(byte);
}
