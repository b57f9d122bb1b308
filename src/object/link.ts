import { Instructions } from '../asm/instructions.js';
import { BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC, CALL, INSN_SIZE, LD_IMM64 } from '../asm/opcode.js';
import type { FuncInfo, LineInfo } from '../btf/info.js';
import { ParseError } from '../bytes/cursor.js';
import { exceptionCallback } from './exception-callback.js';
import { functionAt } from './functions.js';
import type { FunctionSpec, ObjectSpec, ProgramSpec, Relocation } from './spec.js';

/** The most instructions that the kernel takes of a program (BPF_COMPLEXITY_LIMIT_INSNS of kernel/bpf). */
const MAX_INSTRUCTIONS = 1_000_000;

/** A function as it is put into a program: its code after CO-RE, and what CO-RE could not resolve, in words. */
export interface LinkInput {
  readonly instructions: Uint8Array;
  readonly unresolved: ReadonlyMap<number, string>;
}

/** Where a function of the object ended up in a program. */
export interface LinkedPart {
  readonly fn: FunctionSpec;
  /** In instructions. */
  readonly offset: number;
}

/** A program with the functions it uses behind it. All instructions are counted from its start. */
export interface LinkedProgram {
  readonly spec: ProgramSpec;
  /** Its own copy, in which maps, variables and kernel functions are still to be filled in. */
  readonly instructions: Instructions;
  /** What is still to be filled in: no calls and addresses of functions. */
  readonly relocations: readonly Relocation[];
  readonly unresolved: ReadonlyMap<number, string>;
  /** Undefined when the object says nothing on the program itself. */
  readonly funcInfo: readonly FuncInfo[] | undefined;
  readonly lineInfo: readonly LineInfo[] | undefined;
  /** The program itself, then its functions in the order in which they were appended. */
  readonly parts: readonly LinkedPart[];
}

/**
 * Appends to a program the functions that it calls or takes the address of, those they call, and its exception callback. Each comes behind all
 * that came before it, and what it calls in turn comes before its caller goes on: libbpf's order, on which the program's tag depends.
 *
 * @param input gives the code of a function of the object
 * @throws ParseError when a call goes nowhere
 */
export function linkProgram(spec: ObjectSpec, program: ProgramSpec, input: (fn: FunctionSpec) => LinkInput): LinkedProgram {
  const linker = new Linker(spec, program, input);
  linker.add(program);
  const callback = exceptionCallback(spec, program);
  if (callback) linker.add(callback);
  return linker.finish();
}

/** A function whose calls are being looked through. */
interface Walk extends LinkedPart {
  readonly code: Instructions;
  next: number;
  /** Index into its relocations. */
  relocation: number;
}

class Linker {
  readonly #offsets = new Map<FunctionSpec, number>();
  readonly #parts: LinkedPart[] = [];
  readonly #calls: { at: number; target: FunctionSpec }[] = [];
  readonly #codes: Instructions[] = [];
  readonly #unresolved = new Map<number, string>();
  #length = 0;
  #funcInfo: FuncInfo[] | undefined;
  #lineInfo: LineInfo[] | undefined;

  constructor(
    readonly spec: ObjectSpec,
    readonly program: ProgramSpec,
    readonly input: (fn: FunctionSpec) => LinkInput,
  ) {}

  /** Appends a function, if it is not there already, and all it uses. */
  add(fn: FunctionSpec): void {
    const stack: Walk[] = [];
    const push = (target: FunctionSpec): void => {
      if (!this.#offsets.has(target)) stack.push(this.#append(target));
    };
    push(fn);
    for (let walk = stack.at(-1); walk; walk = stack.at(-1)) {
      const target = this.#nextCall(walk);
      if (target) push(target);
      else stack.pop();
    }
  }

  finish(): LinkedProgram {
    const bytes = new Uint8Array(this.#length * INSN_SIZE);
    for (const [i, code] of this.#codes.entries()) bytes.set(code.bytes, this.#parts[i]!.offset * INSN_SIZE);
    const instructions = new Instructions(bytes);
    for (const { at, target } of this.#calls) {
      if (instructions.code(at) === LD_IMM64) instructions.setSrc(at, BPF_PSEUDO_FUNC);
      instructions.setImm(at, this.#offsets.get(target)! - at - 1);
    }
    const relocations = this.#parts.flatMap(({ fn, offset }) =>
      fn.relocations
        .filter(({ kind }) => kind !== 'call' && kind !== 'address')
        .map((relocation) => ({ ...relocation, instruction: relocation.instruction + offset })),
    );
    return {
      spec: this.program,
      instructions,
      relocations,
      unresolved: this.#unresolved,
      funcInfo: this.#funcInfo,
      lineInfo: this.#lineInfo,
      parts: this.#parts,
    };
  }

  #append(fn: FunctionSpec): Walk {
    const { instructions, unresolved } = this.input(fn);
    const part = { fn, offset: this.#length };
    const code = new Instructions(instructions);
    this.#offsets.set(fn, part.offset);
    this.#parts.push(part);
    this.#codes.push(code);
    this.#length += instructions.length / INSN_SIZE;
    if (this.#length > MAX_INSTRUCTIONS) this.#fail(fn, 0, `more than ${MAX_INSTRUCTIONS} instructions fit no program`);
    for (const [index, text] of unresolved) this.#unresolved.set(part.offset + index, text);
    this.#funcInfo = this.#appendInfo('function', part, this.#funcInfo, fn.funcInfo);
    this.#lineInfo = this.#appendInfo('line', part, this.#lineInfo, fn.lineInfo);
    return { ...part, code, next: 0, relocation: 0 };
  }

  /** Information that the program itself lacks is worth nothing on its functions; what it has, they must have too. */
  #appendInfo<T extends FuncInfo | LineInfo>(
    what: string,
    part: LinkedPart,
    all: T[] | undefined,
    own: readonly T[] | undefined,
  ): T[] | undefined {
    const { fn, offset } = part;
    if (!all && fn !== this.program) return undefined;
    if (!own && all) this.#fail(fn, 0, `.BTF.ext has no ${what} information on it, as it has on program ${this.program.name}`);
    const list = all ?? (own && []);
    for (const info of own ?? []) list!.push({ ...info, instruction: info.instruction + offset });
    return list;
  }

  /** Goes on to the next call, or address taken, of a function of the object, and notes it. Undefined at the end. */
  #nextCall(walk: Walk): FunctionSpec | undefined {
    const { fn, offset, code } = walk;
    while (walk.next < code.length) {
      const index = walk.next++;
      const opcode = code.code(index);
      if (opcode !== CALL && opcode !== LD_IMM64) continue;
      const relocation = relocationAt(walk, index);
      if (!isReference(code, index, relocation)) continue;
      const target = this.#target(fn, code, index, relocation);
      this.#calls.push({ at: offset + index, target });
      return target;
    }
    return undefined;
  }

  #target(fn: FunctionSpec, code: Instructions, index: number, relocation: Relocation | undefined): FunctionSpec {
    if (!relocation && code.code(index) === LD_IMM64) this.#fail(fn, index, 'the address of a function is taken without a relocation');
    const at = targetOf(fn, code.imm(index), index, relocation);
    return functionAt(this.spec.subprograms, at) ?? this.#fail(fn, index, `no function of .text is at instruction ${at}`);
  }

  #fail(fn: FunctionSpec, index: number, reason: string): never {
    throw new ParseError(`function ${fn.name}`, index * INSN_SIZE, reason);
  }
}

/** Relocations ascend, and so do the instructions asked for. */
function relocationAt(walk: Walk, index: number): Relocation | undefined {
  const { relocations } = walk.fn;
  while (relocations[walk.relocation] && relocations[walk.relocation]!.instruction < index) walk.relocation++;
  const found = relocations[walk.relocation];
  return found?.instruction === index ? found : undefined;
}

/** Whether an instruction calls a function of the object, or takes its address. */
function isReference(code: Instructions, index: number, relocation: Relocation | undefined): boolean {
  if (code.code(index) === LD_IMM64) return relocation?.kind === 'address' || (!relocation && code.src(index) === BPF_PSEUDO_FUNC);
  if (relocation?.kind === 'kfunc') return false;
  return code.src(index) === BPF_PSEUDO_CALL && code.dst(index) === 0 && code.off(index) === 0;
}

/**
 * The instruction of `.text` that is meant. A global function is the relocation's symbol, with -1 (calls) or 0 in the instruction; a static one is referred
 * to by its section, with its place in the instruction; a call inside of a section has no relocation and counts from itself.
 */
function targetOf(fn: FunctionSpec, imm: number, index: number, relocation: Relocation | undefined): number {
  switch (relocation?.kind) {
    case 'call':
      return relocation.offset / INSN_SIZE + imm + 1;
    case 'address':
      return (relocation.offset + imm) / INSN_SIZE;
    default:
      return fn.offset + index + imm + 1;
  }
}
