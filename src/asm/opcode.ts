// The parts of an instruction's opcode byte and the values of its other fields, in the kernel's spelling
// (include/uapi/linux/bpf_common.h and bpf.h; the standard is RFC 9669).

/** Bytes of one instruction slot. A 64-bit immediate load (`BPF_LD | BPF_IMM | BPF_DW`) takes two slots. */
export const INSN_SIZE = 8;

// Instruction class: code & 7.
export const BPF_LD = 0x00;
export const BPF_LDX = 0x01;
export const BPF_ST = 0x02;
export const BPF_STX = 0x03;
export const BPF_ALU = 0x04;
export const BPF_JMP = 0x05;
export const BPF_JMP32 = 0x06;
export const BPF_ALU64 = 0x07;

// Size of a load or store: code & 0x18.
export const BPF_W = 0x00;
export const BPF_H = 0x08;
export const BPF_B = 0x10;
export const BPF_DW = 0x18;

// Mode of a load or store: code & 0xe0.
export const BPF_IMM = 0x00;
export const BPF_ABS = 0x20;
export const BPF_IND = 0x40;
export const BPF_MEM = 0x60;
/** Load with sign extension, instruction set v4. */
export const BPF_MEMSX = 0x80;
/** Atomic operation on memory, which one is in `imm`. */
export const BPF_ATOMIC = 0xc0;

// Where the second operand of an ALU or jump instruction is: code & 8.
export const BPF_K = 0x00;
export const BPF_X = 0x08;

// ALU operation: code & 0xf0.
export const BPF_ADD = 0x00;
export const BPF_SUB = 0x10;
export const BPF_MUL = 0x20;
/** Signed when `off` is 1 (instruction set v4). */
export const BPF_DIV = 0x30;
export const BPF_OR = 0x40;
export const BPF_AND = 0x50;
export const BPF_LSH = 0x60;
export const BPF_RSH = 0x70;
export const BPF_NEG = 0x80;
/** Signed when `off` is 1 (instruction set v4). */
export const BPF_MOD = 0x90;
export const BPF_XOR = 0xa0;
/** Sign-extends `off` bits (8, 16 or 32) when `off` is not 0 (instruction set v4). */
export const BPF_MOV = 0xb0;
export const BPF_ARSH = 0xc0;
/** Byte order: to little or big endian in BPF_ALU, unconditional swap in BPF_ALU64 (instruction set v4). */
export const BPF_END = 0xd0;
export const BPF_TO_LE = 0x00;
export const BPF_TO_BE = 0x08;

// Jump operation: code & 0xf0.
/** In BPF_JMP by `off`; in BPF_JMP32 by `imm` (`gotol`, instruction set v4); with BPF_X through a register (`gotox`, 6.19). */
export const BPF_JA = 0x00;
export const BPF_JEQ = 0x10;
export const BPF_JGT = 0x20;
export const BPF_JGE = 0x30;
export const BPF_JSET = 0x40;
export const BPF_JNE = 0x50;
export const BPF_JSGT = 0x60;
export const BPF_JSGE = 0x70;
export const BPF_CALL = 0x80;
export const BPF_EXIT = 0x90;
export const BPF_JLT = 0xa0;
export const BPF_JLE = 0xb0;
export const BPF_JSLT = 0xc0;
export const BPF_JSLE = 0xd0;
/** Conditional pseudo jump; the source register says which: BPF_MAY_GOTO. Since 6.9. */
export const BPF_JCOND = 0xe0;
export const BPF_MAY_GOTO = 0;

// Atomic operation, in `imm` (an ALU operation, BPF_FETCH added when the old value is wanted).
export const BPF_FETCH = 0x01;
export const BPF_XCHG = 0xe1;
export const BPF_CMPXCHG = 0xf1;
/** Since 6.15. */
export const BPF_LOAD_ACQ = 0x100;
/** Since 6.15. */
export const BPF_STORE_REL = 0x110;

// What a 64-bit immediate stands for, in the source register of its first slot.
/** `imm`: descriptor of a map (in a dump: its id). */
export const BPF_PSEUDO_MAP_FD = 1;
/** `imm`: descriptor of a map, second slot's `imm`: byte offset in its first value. */
export const BPF_PSEUDO_MAP_VALUE = 2;
/** `imm`: BTF id of a kernel variable, second slot's `imm`: descriptor of the module's BTF. */
export const BPF_PSEUDO_BTF_ID = 3;
/** `imm`: distance in slots to a subprogram, whose address is taken. */
export const BPF_PSEUDO_FUNC = 4;
/** `imm`: index of a map in `fd_array`. */
export const BPF_PSEUDO_MAP_IDX = 5;
/** `imm`: index of a map in `fd_array`, second slot's `imm`: byte offset in its first value. */
export const BPF_PSEUDO_MAP_IDX_VALUE = 6;

// What a call goes to, in its source register. 0 is a helper, its number in `imm`.
/** `imm`: distance in slots to a subprogram. */
export const BPF_PSEUDO_CALL = 1;
/** `imm`: BTF id of a kernel function, `off`: index of the module's BTF in `fd_array`. */
export const BPF_PSEUDO_KFUNC_CALL = 2;

/** `off` of a move that turns arena pointers into kernel pointers or back. Since 6.9. */
export const BPF_ADDR_SPACE_CAST = 1;

/** The opcode byte of a 64-bit immediate load, which takes two slots. */
export const LD_IMM64 = BPF_LD | BPF_IMM | BPF_DW;
/** The opcode byte of a call by immediate. */
export const CALL = BPF_JMP | BPF_CALL;
/** The opcode byte of `exit`. */
export const EXIT = BPF_JMP | BPF_EXIT;

export const classOf = (code: number): number => code & 0x07;
export const sizeOf = (code: number): number => code & 0x18;
export const modeOf = (code: number): number => code & 0xe0;
export const operationOf = (code: number): number => code & 0xf0;
export const sourceOf = (code: number): number => code & 0x08;

/** Bytes that a load or store of this opcode moves. */
export const accessBytes = (code: number): number => [4, 2, 1, 8][sizeOf(code) >> 3]!;

/** Whether an opcode is of one of the two jump classes. */
export const isJump = (code: number): boolean => classOf(code) === BPF_JMP || classOf(code) === BPF_JMP32;
