/** A line of the C source, as the verifier prints it above the instructions that come from it. Kernels before 6.9 print no file and line. */
export interface SourceText {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly text: string;
}

/** What the verifier counted (print_verification_stats); kernels before 5.2 print only the first two. */
export interface Statistics {
  /** Instructions that were walked through, on all paths. */
  readonly insns: number;
  readonly limit: number;
  readonly maxStatesPerInsn: number | undefined;
  readonly totalStates: number | undefined;
  readonly peakStates: number | undefined;
}

/** One line of a verifier log. */
export type LogLine =
  /** `; return *value; @ count.bpf.c:12`; for complaints on the control flow with the instruction it belongs to: `7: again(n);` */
  | { readonly kind: 'source'; readonly source: SourceText; readonly instruction: number | undefined }
  /** `3: (79) r0 = *(u64 *)(r0 +0)   ; R0=scalar()`; `state` is what follows the semicolon. */
  | { readonly kind: 'instruction'; readonly index: number; readonly text: string; readonly state: string | undefined }
  /** `0: R1=ctx() R10=fp0`, `from 3 to 5: R0=0`, ` frame1: R1=1`, `cur state: R0=0` */
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'statistics'; readonly statistics: Statistics }
  /** What the verifier notes on its own doings, and warnings that are no reason to refuse. */
  | { readonly kind: 'trace' }
  | { readonly kind: 'message'; readonly text: string };

const SOURCE = /^; (.*?)(?: @ ([^\s@:]+):(\d+))?$/;
const FLOW_SOURCE = /^(\d+): (.*?)(?: @ ([^\s@:]+):(\d+))?$/;
const INSTRUCTION = /^(\d+): (\([0-9a-f]{2}\) [^\n]*)$/;
// Looked for by itself: one expression for the line would try every blank of a long run of them as the first.
const INSTRUCTION_STATE = /(?<=\s); ((?:frame\d+: ?)?(?:R\d|fp-|refs=|cb)[^\n]*)$/;
const POISONED = /^\d+: <invalid /;
const STATE =
  /^(?:\d+: |from \d+ to \d+(?: \(speculative execution\))?: ?|cur state: ?|old state: ?| )?(?:frame\d+: ?)?(?:\s?R\d+(?:_\w+)?=|\s?fp-\d+(?:_\w+)?=|safe$)/;
const STATISTICS = /^processed (\d+) insns \(limit (\d+)\)(?:.* max_states_per_insn (\d+) total_states (\d+) peak_states (\d+))?/;
const TRACE = [
  /^$/,
  /^(mark_precise|force_precise|regs=|parent |last_idx |propagating |frame \d+: propagating|func#\d+ @|verification time|stack depth)/,
  /^(caller:|callee:|returning from callee:|to caller at \d+:|\d+: safe|from \d+ to \d+)/,
  /^(Validating \S+\(\) func#|Func#\d+ |Live regs before insn:| +\d+: [.\d]+ \()/,
  // Says why a function's arguments could not be described, which is no fault of programs that are no kernel functions.
  /^arg#\d+ reference type\(.*size cannot be determined/,
  /^reg type unsupported for arg#\d+/,
];

/** What kind of line it is, and what it says. */
export function parseLine(line: string): LogLine {
  const source = SOURCE.exec(line);
  if (source) return { kind: 'source', source: sourceText(source.slice(1)), instruction: undefined };
  const instruction = INSTRUCTION.exec(line);
  if (instruction) return instructionLine(Number(instruction[1]), instruction[2]!);
  const statistics = STATISTICS.exec(line);
  if (statistics) return { kind: 'statistics', statistics: statisticsOf(statistics) };
  if (STATE.test(line)) return { kind: 'state', state: line };
  if (TRACE.some((pattern) => pattern.test(line))) return { kind: 'trace' };
  if (POISONED.test(line))
    return { kind: 'instruction', index: Number.parseInt(line, 10), text: line.replace(/^\d+: /, ''), state: undefined };
  const flow = FLOW_SOURCE.exec(line);
  if (flow) return { kind: 'source', source: sourceText(flow.slice(2)), instruction: Number(flow[1]) };
  return { kind: 'message', text: line };
}

function instructionLine(index: number, text: string): LogLine {
  const state = INSTRUCTION_STATE.exec(text);
  return { kind: 'instruction', index, text: state ? text.slice(0, state.index).trimEnd() : text, state: state?.[1] };
}

/**
 * The last lines of a log, first things first: `length` characters at most, since a log may have a hundred megabytes and what
 * matters is at its end. A message that the kernel forgot to end (6.12 has one) is parted from the statistics behind it.
 */
export function tailLines(log: string, length = 256 * 1024): string[] {
  const end = log.endsWith('\0') ? log.length - 1 : log.length;
  const start = Math.max(0, end - length);
  const lines = log
    .slice(start, end)
    .replace(/([^\n])(processed \d+ insns \(limit )/g, '$1\n$2')
    .trimEnd()
    .split('\n');
  return start > 0 ? lines.slice(1) : lines;
}

/** What a piece of verifier state says on a register, such as `map_value_or_null(id=1,ks=4,vs=64)` of `R0`. */
export function registerState(state: string, register: string): string | undefined {
  // Within parentheses there may be blanks and further parentheses: var_off=(0x0; 0xff).
  const found = new RegExp(`(?:^|\\s)${register}(?:_\\w+)?=((?:[^\\s(]|\\((?:[^()]|\\([^()]*\\))*\\))+)`).exec(state);
  return found?.[1];
}

function sourceText([text, file, line]: (string | undefined)[]): SourceText {
  return { text: text ?? '', file, line: line === undefined ? undefined : Number(line) };
}

function statisticsOf(match: RegExpExecArray): Statistics {
  const number = (group: number) => (match[group] === undefined ? undefined : Number(match[group]));
  return {
    insns: Number(match[1]),
    limit: Number(match[2]),
    maxStatesPerInsn: number(3),
    totalStates: number(4),
    peakStates: number(5),
  };
}
