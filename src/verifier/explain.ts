import { hintFor } from './hints.js';
import { type LogLine, parseLine, registerState, type SourceText, type Statistics, tailLines } from './lines.js';

/** A place in a program: an instruction slot, and the C source it comes from as far as that is known. */
export interface Place {
  readonly instruction: number;
  readonly source?: SourceText;
}

/** Why the verifier refused a program. Everything is as far as the log says it. */
export interface Explanation {
  /** The verifier's own words, several lines of them joined by `; `. Empty when the log gives no reason. */
  readonly reason: string;
  /** The slot of the instruction that it refused. */
  readonly instruction?: number;
  /** The line of C that the instruction comes from. */
  readonly source?: SourceText;
  /** What the verifier knew of the register that the reason is on: `R0`, `map_value_or_null(id=1,...)`. */
  readonly register?: { readonly name: string; readonly state: string };
  /** Where what was not given back had been acquired. */
  readonly acquired?: Place;
  /** What the reason means and what to do, for a person. */
  readonly hint?: string;
  /** The end of the log as it is. */
  readonly lastLines: readonly string[];
  readonly processed?: Statistics;
}

/** What the one who loads the program can add. */
export interface ExplainOptions {
  /** The source line of an instruction slot, from the program's line information: kernels before 6.9 print no file and line. */
  readonly sourceAt?: (instruction: number) => SourceText | undefined;
  /** How many lines of the log to give back; 12 when missing. */
  readonly lastLines?: number;
}

/** Reads out of a verifier log why the program was refused, and where. Logs of all kernels since 4.14 are understood. */
export function explainLog(log: string, options: ExplainOptions = {}): Explanation {
  const tail = tailLines(log);
  const lines = tail.map(parseLine);
  const { reason, start } = findReason(lines);
  const instruction = namedInstruction(reason) ?? lastInstruction(lines, start);
  const source = sourceOf(lines, start, instruction, options);
  const register = registerOf(lines, start, reason);
  const acquired = acquiredAt(lines, reason, options);
  const hint = hintFor(reason)?.hint;
  const processed = lines.findLast((line) => line.kind === 'statistics')?.statistics;
  return {
    reason,
    ...(instruction !== undefined && { instruction }),
    ...(source && { source }),
    ...(register && { register }),
    ...(acquired && { acquired }),
    ...(hint !== undefined && { hint }),
    lastLines: tail.slice(Math.max(0, tail.length - (options.lastLines ?? 12))),
    ...(processed && { processed }),
  };
}

/** The messages at the end of the log, and the position of the first of them. */
function findReason(lines: readonly LogLine[]): { reason: string; start: number } {
  const end = lines.findLastIndex((line) => !AFTER_REASON.has(line.kind));
  let start = end + 1;
  const texts: string[] = [];
  for (let at = end; at >= 0; at--) {
    const line = lines[at]!;
    if (line.kind !== 'message') break;
    texts.push(line.text.trim());
    start = at;
  }
  return { reason: texts.reverse().join('; '), start };
}

/** A line of C comes there when the log has the verifier's own words alone (BPF_LOG_STATS). */
const AFTER_REASON: ReadonlySet<LogLine['kind']> = new Set(['statistics', 'trace', 'state', 'source']);

/** Complaints on the control flow come before any instruction is walked through, and name it. */
function namedInstruction(reason: string): number | undefined {
  const named = /(?:detected at|from|unreachable|ldimm64) insn (\d+)/.exec(reason);
  return named ? Number(named[1]) : undefined;
}

function lastInstruction(lines: readonly LogLine[], before: number): number | undefined {
  return lines.slice(0, before).findLast((line) => line.kind === 'instruction')?.index;
}

function sourceOf(
  lines: readonly LogLine[],
  before: number,
  instruction: number | undefined,
  { sourceAt }: ExplainOptions,
): SourceText | undefined {
  const known = instruction === undefined ? undefined : sourceAt?.(instruction);
  if (known) return known;
  const fits = (line: LogLine) => line.kind === 'source' && (line.instruction === undefined || line.instruction === instruction);
  const found = lines.slice(0, before).findLast(fits);
  if (found?.kind === 'source' && instruction !== undefined) return found.source;
  const after = instruction === undefined ? lines.slice(before).find((line) => line.kind === 'source') : undefined;
  return after?.kind === 'source' ? after.source : undefined;
}

/** Kernels before 5.16 print registers only now and then: what they said last may no longer hold, so it is left out. */
function registerOf(lines: readonly LogLine[], before: number, reason: string): Explanation['register'] {
  const name = /\bR\d+\b/.exec(reason)?.[0];
  const walked = lines.slice(0, before).filter((line) => line.kind === 'instruction');
  if (name === undefined || (walked.length > 1 && walked.every((line) => line.state === undefined))) return undefined;
  for (let at = before - 1; at >= 0; at--) {
    const line = lines[at]!;
    const text = line.kind === 'instruction' || line.kind === 'state' ? line.state : undefined;
    const state = text === undefined ? undefined : registerState(text, name);
    if (state !== undefined) return { name, state };
  }
  return undefined;
}

function acquiredAt(lines: readonly LogLine[], reason: string, options: ExplainOptions): Place | undefined {
  const named = /alloc_insn=(\d+)/.exec(reason);
  if (!named) return undefined;
  const instruction = Number(named[1]);
  const at = lines.findLastIndex((line) => line.kind === 'instruction' && line.index === instruction);
  const source = sourceOf(lines, at + 1, instruction, options);
  return { instruction, ...(source && { source }) };
}
