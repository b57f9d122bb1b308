import type { Found, Language, MachineInstruction } from './disassembler.js';

const BRANCH = /^(?:bl?|b\.\w\w|cbn?z|tbn?z)$/;
// With an immediate these take a mask of bits or a code, which is hexadecimal; everything else is a number.
const HEXADECIMAL = /^(?:and|ands|tst|orr|eor|brk|hlt|svc|hvc|smc)$/;
const PAGE = 12n;

/** AArch64. */
export const arm64: Language = {
  open: (capstone) => new capstone.Capstone(capstone.ARCH_ARM64, capstone.MODE_ARM),
  rewrite: (found) => [rewrite(found)],
  step: 4,
  data: (bytes) =>
    `.inst\t0x${[...bytes]
      .reverse()
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')}`,
};

function rewrite({ address, mnemonic, operands }: Found): Omit<MachineInstruction, 'offset'> {
  const length = 4;
  if (operands === '') return { length, text: mnemonic };
  // What is relative to the instruction, Capstone gives as the place it leads to.
  const relative = /^(.*?)#(0x[0-9a-f]+|\d+)$/.exec(operands);
  const place = relative ? BigInt.asUintN(64, BigInt(relative[2]!)) : 0n;
  if (relative && BRANCH.test(mnemonic))
    return { length, text: `${mnemonic}\t${operandText(mnemonic, relative[1]!)}0x${place.toString(16)}`, target: place };
  if (relative && isPlace(mnemonic, relative[1]!))
    return { length, text: `${mnemonic}\t${relative[1]}${placeText(mnemonic, relative[1]!, address, place)}` };
  return { length, text: `${mnemonic}\t${operandText(mnemonic, operands)}` };
}

/** Whether the last operand of an instruction that is no branch is a place in the code. */
function isPlace(mnemonic: string, before: string): boolean {
  return /^adrp?$/.test(mnemonic) || (/^(?:ldr|ldrsw|prfm)$/.test(mnemonic) && /^\w+, $/.test(before));
}

/** LLVM has a way of its own for each kind. */
function placeText(mnemonic: string, register: string, address: bigint, place: bigint): string {
  const distance = BigInt.asIntN(64, place - address);
  if (mnemonic === 'adrp') return `${BigInt.asIntN(64, (place >> PAGE) - (address >> PAGE))} // 0x${place.toString(16)}`;
  if (mnemonic === 'adr' || (mnemonic === 'ldr' && register.startsWith('x'))) return `#${distance}`;
  return `0x${place.toString(16)}`;
}

function operandText(mnemonic: string, operands: string): string {
  if (mnemonic === 'mrs') return operands.replace(/, \w+$/, (name) => name.toUpperCase());
  if (mnemonic === 'msr') return operands.replace(/^\w+/, (name) => name.toUpperCase());
  const radix = HEXADECIMAL.test(mnemonic) && !operands.includes('[') ? 16 : 10;
  const bits = operands.startsWith('w') && mnemonic === 'mov' ? 32 : 64;
  return operands.replace(/#(-?)(0x[0-9a-f]+|\d+)/g, (whole, minus: string, digits: string, at: number) => {
    // The amount of a shift is a number everywhere.
    if (/(?:ls[lr]|asr|ror|msl|[su]xt\w) $/.test(operands.slice(0, at))) return whole.includes('0x') ? `#${BigInt(digits)}` : whole;
    const value = BigInt(digits);
    if (radix === 16 && value !== 0n) return `#${minus}0x${value.toString(16)}`;
    return `#${minus && bits === 32 ? BigInt.asIntN(32, -value) : minus ? -value : value}`;
  });
}
