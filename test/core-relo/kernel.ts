import { type Instruction, Instructions } from '../../src/asm/instructions.js';
import { BPF_ALU64, BPF_DW, BPF_LDX, BPF_MEM, BPF_MOV, LD_IMM64 } from '../../src/asm/opcode.js';
import { Btf } from '../../src/btf/btf.js';
import { BtfBuilder } from '../../src/btf/encode.js';
import type { BtfMember, BtfType } from '../../src/btf/types.js';
import type { CoreKind } from '../../src/core-relo/kinds.js';
import { CoreKind as Kinds } from '../../src/core-relo/kinds.js';
import { type CoreFunction, relocateCore } from '../../src/core-relo/relocate.js';
import type { CoreRelocation, FunctionSpec } from '../../src/object/spec.js';

/** Types by the letters tests know them by: `u32`, `int`, `ptr` are there in every BTF. */
export class Types {
  readonly #builder: BtfBuilder;
  readonly ids = new Map<string, number>();

  constructor(readonly base?: Btf) {
    this.#builder = new BtfBuilder(base ? { base } : {});
    if (base) return;
    this.add('int', { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: 1 });
    this.add('u8', { kind: 'INT', name: 'unsigned char', size: 1, bits: 8, offset: 0, encoding: 0 });
    this.add('u16', { kind: 'INT', name: 'unsigned short', size: 2, bits: 16, offset: 0, encoding: 0 });
    this.add('u32', { kind: 'INT', name: 'unsigned int', size: 4, bits: 32, offset: 0, encoding: 0 });
    this.add('u64', { kind: 'INT', name: 'unsigned long', size: 8, bits: 64, offset: 0, encoding: 0 });
    this.add('s64', { kind: 'INT', name: 'long', size: 8, bits: 64, offset: 0, encoding: 1 });
    this.add('ptr', { kind: 'PTR', type: 0 });
  }

  add(key: string, type: BtfType): number {
    const id = this.#builder.add(type);
    this.ids.set(key, id);
    return id;
  }

  id(key: string): number {
    return this.ids.get(key) ?? assertNever(key);
  }

  /** `members` are `[name, type, bit offset, bits of a bitfield]`; anonymous ones have the name ''. */
  struct(
    name: string,
    size: number,
    members: readonly (readonly [string, string | number, number, number?])[],
    kind: 'STRUCT' | 'UNION' = 'STRUCT',
  ): number {
    const list = members.map(
      ([member, type, bitOffset, bitfieldSize = 0]): BtfMember => ({
        name: member,
        type: typeof type === 'number' ? type : this.id(type),
        bitOffset,
        bitfieldSize,
      }),
    );
    return this.add(name || `anonymous ${this.ids.size}`, {
      kind,
      name,
      size,
      members: list,
      kindFlag: list.some((member) => member.bitfieldSize > 0),
    });
  }

  array(type: string | number, length: number): number {
    const id = typeof type === 'number' ? type : this.id(type);
    return this.add(`array ${this.ids.size}`, { kind: 'ARRAY', type: id, index: 1, length });
  }

  enum(name: string, values: Record<string, bigint>, options: { size?: number; signed?: boolean; kind?: 'ENUM' | 'ENUM64' } = {}): number {
    const { kind = 'ENUM', size = kind === 'ENUM' ? 4 : 8, signed = false } = options;
    return this.add(name, { kind, name, size, signed, values: Object.entries(values).map(([key, value]) => ({ name: key, value })) });
  }

  btf(): Btf {
    return Btf.parse(this.#builder.bytes(), this.base ? { base: this.base } : {});
  }
}

function assertNever(key: string): never {
  throw new Error(`no type ${key}`);
}

/** `r1 = *(u64 *)(r2 + off)`, or of another size. */
export const load = (off: number, size = BPF_DW): Instruction => ({ code: BPF_LDX | BPF_MEM | size, dst: 1, src: 2, off, imm: 0 });
/** `r1 = imm` */
export const move = (imm: number): Instruction => ({ code: BPF_ALU64 | BPF_MOV, dst: 1, src: 0, off: 0, imm });
/** `r1 = imm ll`, both slots. */
export const load64 = (value: bigint): Instruction[] => [
  { code: LD_IMM64, dst: 1, src: 0, off: 0, imm: Number(BigInt.asIntN(32, value)) },
  { code: 0, dst: 0, src: 0, off: 0, imm: Number(BigInt.asIntN(32, value >> 32n)) },
];

export type Request = readonly [kind: keyof typeof CoreKind, typeId: number, access: string, code: Instruction | readonly Instruction[]];

/** Relocates a function of the given instructions, each with its relocation. */
export function relocate(
  local: Btf,
  kernel: Btf,
  requests: readonly Request[],
  modules: readonly Btf[] = [],
): CoreFunction & { code: Instructions } {
  const slots: Instruction[] = [];
  const coreRelocations: CoreRelocation[] = [];
  for (const [kind, typeId, access, code] of requests) {
    coreRelocations.push({ instruction: slots.length, typeId, access, kind: Kinds[kind], order: coreRelocations.length });
    slots.push(...(Array.isArray(code) ? (code as readonly Instruction[]) : [code as Instruction]));
  }
  const fn = { name: 'test', instructions: Instructions.of(slots).bytes, coreRelocations } as unknown as FunctionSpec;
  const [result] = relocateCore([fn], local, () => ({ btf: kernel, modules: () => modules }));
  return { ...result!, code: new Instructions(result!.instructions) };
}
