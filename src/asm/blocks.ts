import type { Instructions } from './instructions.js';
import { BPF_CALL, BPF_EXIT, BPF_JA, BPF_JMP32, classOf, isJump, operationOf } from './opcode.js';

/** Instructions that run one after the other: slots `first` to `last`. */
export interface Block {
  readonly first: number;
  readonly last: number;
  /** Positions in the function's blocks of those that may run next; the number of blocks stands for the function's end. */
  readonly successors: readonly number[];
}

/** A function of a program: slots `first` to `last`. `number` counts functions in the order in which calls first name them. */
export interface BlockFunction {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly blocks: readonly Block[];
}

/**
 * The functions of a translated program, in ascending order, each as basic blocks, cut as bpftool cuts them (cfg.c): functions that are only called back
 * belong to the one before them, and a block that ends with `exit` leads to the next one.
 */
export function functionBlocks(program: Instructions): BlockFunction[] {
  const starts = [...functionStarts(program)].sort(([a], [b]) => a - b);
  return starts.map(([first, number], i) => {
    const last = (starts[i + 1]?.[0] ?? program.length) - 1;
    return { number, first, last, blocks: basicBlocks(program, first, last) };
  });
}

/** First slots of functions, and their numbers. In a translated program `off` of a call is the distance; `imm` is the function's number. */
function functionStarts(program: Instructions): Map<number, number> {
  const starts = new Map([[0, 0]]);
  for (const index of program.indexes()) {
    const callee = index + program.off(index) + 1;
    const inside = callee >= 0 && callee < program.length;
    if (program.isSubprogramCall(index) && inside && !starts.has(callee)) starts.set(callee, starts.size);
  }
  return starts;
}

function basicBlocks(program: Instructions, first: number, last: number): Block[] {
  const heads = new Set([first]);
  for (let index = first; index <= last; index++) {
    if (!branches(program.code(index))) continue;
    heads.add(jumpTarget(program, index));
    if (operationOf(program.code(index)) !== BPF_JA) heads.add(index + 1);
  }
  const sorted = [...heads].filter((head) => head >= first && head <= last).sort((a, b) => a - b);
  const positions = new Map(sorted.map((head, position) => [head, position]));
  return sorted.map((head, position) => {
    const end = (sorted[position + 1] ?? last + 1) - 1;
    return { first: head, last: end, successors: successors(program, end, position + 1, positions) };
  });
}

function successors(program: Instructions, last: number, next: number, positions: ReadonlyMap<number, number>): number[] {
  const code = program.code(last);
  if (!branches(code)) return [next];
  const target = positions.get(jumpTarget(program, last));
  const jump = target === undefined ? [] : [target];
  return operationOf(code) === BPF_JA ? jump : [next, ...jump];
}

/** The slot that a jump goes to. */
function jumpTarget(program: Instructions, index: number): number {
  const far = classOf(program.code(index)) === BPF_JMP32 && operationOf(program.code(index)) === BPF_JA;
  return index + (far ? program.imm(index) : program.off(index)) + 1;
}

/** Whether it is a jump inside a function. */
function branches(code: number): boolean {
  return isJump(code) && operationOf(code) !== BPF_CALL && operationOf(code) !== BPF_EXIT;
}
