import { type Instruction, Instructions } from '../../asm/instructions.js';
import {
  BPF_ADD,
  BPF_ALU64,
  BPF_DW,
  BPF_JEQ,
  BPF_JMP,
  BPF_JNE,
  BPF_K,
  BPF_LDX,
  BPF_MEM,
  BPF_MOV,
  BPF_PSEUDO_MAP_FD,
  BPF_ST,
  BPF_STX,
  BPF_SUB,
  BPF_W,
  BPF_X,
  CALL,
  EXIT,
  LD_IMM64,
} from '../../asm/opcode.js';
import { helperId } from '../../kernel/helpers.js';

/** What the programs are made for. */
export interface Terms {
  /** Descriptor of the perf event array: the event of metric m on CPU c is element `m * cpus + c`. */
  readonly events: number;
  /** Descriptor of the per-CPU array whose only element is laid out as {@link layoutOf} says. */
  readonly state: number;
  readonly metrics: number;
  readonly cpus: number;
}

/** Bytes of a struct bpf_perf_event_value: counter, time enabled, time running, 8 bytes each. */
export const READING_SIZE = 24;
const FIELDS = [0, 8, 16];
const ENABLED = 8;
const STACK = 10;
const [NUMBER, KEPT, CPU] = [0, 6, 7];

/** Where things are in an element of the state: the number of runs, the readings at the last entry, and the sums of what came between. */
export function layoutOf(metrics: number): { readonly before: number; readonly sums: number; readonly size: number } {
  const before = 8;
  const sums = before + metrics * READING_SIZE;
  return { before, sums, size: sums + metrics * READING_SIZE };
}

/** The program that runs before the one that is measured: keeps what the counters say. */
export function entryProgram(terms: Terms): Uint8Array {
  const { before } = layoutOf(terms.metrics);
  return assembled([
    ...lookUpState(terms),
    ...cpuNumber(),
    ...each(terms, (metric) => [
      insn(MOVE, 3, KEPT),
      insn(ADD_VALUE, 3, 0, 0, before + metric * READING_SIZE),
      ...readCounter(terms, metric),
    ]),
  ]);
}

/** The program that runs behind it: adds up what the counters have gone on by. The counters come first, so that least of this program is counted. */
export function exitProgram(terms: Terms): Uint8Array {
  const { before } = layoutOf(terms.metrics);
  return assembled([
    ...cpuNumber(),
    ...each(terms, (metric) => [insn(MOVE, 3, STACK), insn(ADD_VALUE, 3, 0, 0, onStack(metric)), ...readCounter(terms, metric)]),
    ...lookUpState(terms),
    // A run that began before the measurement did has no readings.
    ...each(terms, (metric) => [insn(LOAD, 1, KEPT, before + metric * READING_SIZE + ENABLED), insn(OUT_IF_ZERO, 1)]),
    insn(LOAD, 1, KEPT, 0),
    insn(ADD_VALUE, 1, 0, 0, 1),
    insn(STORE, KEPT, 1, 0),
    ...each(terms, (metric) => FIELDS.flatMap((field) => addUp(terms, metric, field))),
    ...each(terms, (metric) => [insn(STORE_VALUE, KEPT, 0, before + metric * READING_SIZE + ENABLED, 0)]),
  ]);
}

const MOVE = BPF_ALU64 | BPF_MOV | BPF_X;
const SET = BPF_ALU64 | BPF_MOV | BPF_K;
const ADD = BPF_ALU64 | BPF_ADD | BPF_X;
const ADD_VALUE = BPF_ALU64 | BPF_ADD | BPF_K;
const SUBTRACT = BPF_ALU64 | BPF_SUB | BPF_X;
const LOAD = BPF_LDX | BPF_MEM | BPF_DW;
const STORE = BPF_STX | BPF_MEM | BPF_DW;
const STORE_VALUE = BPF_ST | BPF_MEM | BPF_DW;
const STORE_KEY = BPF_ST | BPF_MEM | BPF_W;
// Jumps to the end of the program; where that is, is filled in when it is known.
const OUT_IF_ZERO = BPF_JMP | BPF_JEQ | BPF_K;
const OUT_UNLESS_ZERO = BPF_JMP | BPF_JNE | BPF_K;

function insn(code: number, dst: number, src = 0, off = 0, imm = 0): Instruction {
  return { code, dst, src, off, imm };
}

function each({ metrics }: Terms, write: (metric: number) => Instruction[]): Instruction[] {
  return Array.from({ length: metrics }, (_, metric) => write(metric)).flat();
}

function assembled(body: readonly Instruction[]): Uint8Array {
  const jumps = new Set([OUT_IF_ZERO, OUT_UNLESS_ZERO]);
  const slots = body.map((slot, at) => (jumps.has(slot.code) ? { ...slot, off: body.length - at - 1 } : slot));
  return Instructions.of([...slots, insn(SET, NUMBER), insn(EXIT, 0)]).bytes;
}

function call(helper: string): Instruction {
  return insn(CALL, 0, 0, 0, helperId(helper)!);
}

function mapAddress(dst: number, fd: number): Instruction[] {
  return [insn(LD_IMM64, dst, BPF_PSEUDO_MAP_FD, 0, fd), insn(0, 0)];
}

/** KEPT = the state of this CPU. */
function lookUpState({ state }: Terms): Instruction[] {
  return [
    insn(STORE_KEY, STACK, 0, -4, 0),
    ...mapAddress(1, state),
    insn(MOVE, 2, STACK),
    insn(ADD_VALUE, 2, 0, 0, -4),
    call('bpf_map_lookup_elem'),
    insn(OUT_IF_ZERO, NUMBER),
    insn(MOVE, KEPT, NUMBER),
  ];
}

function cpuNumber(): Instruction[] {
  return [call('bpf_get_smp_processor_id'), insn(MOVE, CPU, NUMBER)];
}

/** Reads a counter to where register 3 points. On failure the kernel puts zeros there, which the program at the exit takes for no reading. */
function readCounter({ events, cpus }: Terms, metric: number): Instruction[] {
  return [
    ...mapAddress(1, events),
    insn(MOVE, 2, CPU),
    insn(ADD_VALUE, 2, 0, 0, metric * cpus),
    insn(SET, 4, 0, 0, READING_SIZE),
    call('bpf_perf_event_read_value'),
    insn(OUT_UNLESS_ZERO, NUMBER),
  ];
}

function onStack(metric: number): number {
  return -8 - (metric + 1) * READING_SIZE;
}

function addUp({ metrics }: Terms, metric: number, field: number): Instruction[] {
  const { before, sums } = layoutOf(metrics);
  const at = metric * READING_SIZE + field;
  return [
    insn(LOAD, 1, STACK, onStack(metric) + field),
    insn(LOAD, 2, KEPT, before + at),
    insn(SUBTRACT, 1, 2),
    insn(LOAD, 2, KEPT, sums + at),
    insn(ADD, 2, 1),
    insn(STORE, KEPT, 2, sums + at),
  ];
}
