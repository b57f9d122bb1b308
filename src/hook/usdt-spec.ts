// Where the arguments of a static probe are, as programs with <bpf/usdt.bpf.h> read it from a map.
import { UsageError } from '../errors.js';

/** BPF_USDT_MAX_ARG_CNT */
const MOST_ARGUMENTS = 12;
/** enum __bpf_usdt_arg_type */
const KIND = { constant: 0, register: 1, memory: 2, indexed: 3 } as const;

interface Argument {
  readonly kind: (typeof KIND)[keyof typeof KIND];
  /** In bytes. */
  readonly size: number;
  readonly signed: boolean;
  /** The constant, or what is added to the register. */
  readonly value: bigint;
  /** Where registers are in struct pt_regs. */
  readonly register: number;
  readonly index: number;
  /** The power of two that the index is multiplied by. */
  readonly scale: number;
}

// struct pt_regs of x86-64, in its order, by every name of a register.
const X64 = namesByOffset(
  'r15 r15d r15w r15b|r14 r14d r14w r14b|r13 r13d r13w r13b|r12 r12d r12w r12b|rbp ebp bp bpl|rbx ebx bx bl|r11 r11d r11w r11b|' +
    'r10 r10d r10w r10b|r9 r9d r9w r9b|r8 r8d r8w r8b|rax eax ax al|rcx ecx cx cl|rdx edx dx dl|rsi esi si sil|rdi edi di dil||rip eip|||rsp esp sp spl',
);
// struct user_pt_regs of arm64: x0 to x30, sp.
const ARM64 = namesByOffset(`${Array.from({ length: 31 }, (_, i) => `x${i} w${i}`).join('|')}|sp|pc`);

function namesByOffset(text: string): ReadonlyMap<string, number> {
  return new Map(text.split('|').flatMap((names, i) => names.split(' ').map((name) => [name, i * 8] as const)));
}

type Form = readonly [form: RegExp, read: (parts: RegExpExecArray, register: (name: string) => number) => Partial<Argument>];

const NUMBER = String.raw`\s*(-?(?:0x[0-9a-f]+|\d+))`;
const form = (source: string) => new RegExp(`^${source}$`, 'i');

/** How assemblers write operands, by architecture of Node. */
const FORMS: Readonly<Record<string, readonly Form[]>> = {
  x64: [
    [form(String.raw`\$${NUMBER}`), ([, value]) => ({ kind: KIND.constant, value: integer(value) })],
    [form(String.raw`%(\w+)`), ([, name], at) => ({ kind: KIND.register, register: at(name!) })],
    [
      form(String.raw`(?:${NUMBER})?\s*\(\s*%(\w+)\s*\)`),
      ([, value, name], at) => ({ kind: KIND.memory, value: integer(value), register: at(name!) }),
    ],
    [
      form(String.raw`(?:${NUMBER})?\s*\(\s*%(\w+)\s*,\s*%(\w+)\s*(?:,\s*([1248])\s*)?\)`),
      ([, value, name, index, scale = '1'], at) => ({
        kind: KIND.indexed,
        value: integer(value),
        register: at(name!),
        index: at(index!),
        scale: Math.log2(Number(scale)),
      }),
    ],
  ],
  arm64: [
    [form(NUMBER), ([, value]) => ({ kind: KIND.constant, value: integer(value) })],
    [form(String.raw`(\w+)`), ([, name], at) => ({ kind: KIND.register, register: at(name!) })],
    [
      form(String.raw`\[\s*(\w+)\s*(?:,${NUMBER}\s*)?\]`),
      ([, name, value], at) => ({ kind: KIND.memory, value: integer(value), register: at(name!) }),
    ],
  ],
};

function integer(text: string | undefined): bigint {
  if (text === undefined) return 0n;
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

// Size and sign, then an operand, which may have blanks inside its brackets.
const ARGUMENT = /\s*(-?\d+)\s*@\s*((?:[^\s([]*\s*[([][^)\]]*[)\]])|[^\s]+)\s*/y;

/** Reads the arguments of a probe, as its note has them. @throws UsageError for what is not known on this architecture */
function readArguments(text: string, arch: string): Argument[] {
  const found: Argument[] = [];
  ARGUMENT.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = ARGUMENT.lastIndex) {
    ARGUMENT.lastIndex = at;
    const match = ARGUMENT.exec(text);
    if (!match) throw new UsageError(`the arguments of the probe cannot be read: ${JSON.stringify(text)}`);
    found.push(readArgument(Number(match[1]), match[2]!, arch));
  }
  if (found.length > MOST_ARGUMENTS) throw new UsageError(`the probe has ${found.length} arguments; programs can read ${MOST_ARGUMENTS}`);
  return found;
}

function readArgument(size: number, operand: string, arch: string): Argument {
  const registers = arch === 'arm64' ? ARM64 : X64;
  const register = (name: string) => {
    const offset = registers.get(name.toLowerCase());
    if (offset === undefined) throw new UsageError(`an argument of the probe is in ${name}, which programs cannot read`);
    return offset;
  };
  for (const [pattern, read] of FORMS[arch] ?? []) {
    const parts = pattern.exec(operand);
    if (parts && [1, 2, 4, 8].includes(Math.abs(size)))
      return { kind: 0, value: 0n, register: 0, index: 0, scale: 0, ...read(parts, register), size: Math.abs(size), signed: size < 0 };
  }
  throw new UsageError(`an argument of the probe cannot be read: ${JSON.stringify(`${size}@${operand}`)}`);
}

// struct __bpf_usdt_arg_spec before and since index registers are known (libbpf 1.7): where its fields are.
const LAYOUTS: Readonly<Record<number, { size: number; register: number; signed: number; shift: number }>> = {
  208: { size: 16, register: 12, signed: 14, shift: 15 },
  304: { size: 24, register: 14, signed: 16, shift: 17 },
};

/**
 * The value of `__bpf_usdt_specs` for a probe: struct __bpf_usdt_spec in the layout of the program's header, which the size of the map's values tells.
 * `cookie` is what bpf_usdt_cookie() gives. Little-endian, as x86-64 and arm64 are.
 *
 * @throws UsageError for arguments or a layout that are not known
 */
export function usdtSpec(args: string, cookie: bigint, valueSize: number, arch: string): Uint8Array {
  const layout = LAYOUTS[valueSize];
  if (!layout) throw new UsageError(`the map for arguments of probes has values of ${valueSize} bytes, which is no layout of usdt.bpf.h`);
  const found = readArguments(args, arch);
  const spec = new DataView(new ArrayBuffer(valueSize));
  found.forEach(({ kind, size, signed, value, register, index, scale }, i) => {
    const at = i * layout.size;
    spec.setBigInt64(at, value, true);
    spec.setUint8(at + 8, kind);
    if (kind === KIND.indexed) spec.setUint16(at + 10, index | (scale << 12), true);
    spec.setInt16(at + layout.register, register, true);
    spec.setUint8(at + layout.signed, Number(signed));
    spec.setUint8(at + layout.shift, 64 - size * 8);
  });
  const end = MOST_ARGUMENTS * layout.size;
  spec.setBigUint64(end, cookie, true);
  spec.setInt16(end + 8, found.length, true);
  return new Uint8Array(spec.buffer);
}
