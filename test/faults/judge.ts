// What a command makes of a fault, and whether that is right.
import { isJson } from '../support/json.js';
import { isLesser, mayBeDone } from './accepted.js';
import type { Case } from './case.js';
import type { Fault, Outcome } from './strace.js';
import type { CallLine } from './trace.js';

/** A run that met a fault, and what was there before, what is to be there when all goes well, and what was there behind it. */
export interface Met {
  readonly each: Case;
  readonly json: boolean;
  readonly fault: Fault;
  /** The call that really failed. */
  readonly call: CallLine;
  readonly outcome: Outcome;
  readonly before: string;
  readonly done: string;
  readonly after: string;
  /** What is printed when nothing is wrong. */
  readonly out: string;
}

/** What is wrong with it; undefined when nothing is. */
export function judge(met: Met): string | undefined {
  const { outcome, fault } = met;
  if (outcome.hung) return 'it hangs';
  if (/\n {4}at |node:internal|FATAL ERROR|Native stack trace/.test(outcome.err)) return 'it shows a stack';
  return 'signal' in fault.effect ? afterSignal(met) : isSuccess(met) ? afterSuccess(met) : afterFailure(met);
}

const isSuccess = ({ each, outcome }: Met) => outcome.status === (each.status ?? 0);

function afterSignal(met: Met): string | undefined {
  const { each, fault, before, done, after } = met;
  const { signal } = fault.effect as { signal: NodeJS.Signals };
  // What cannot be caught may come between two pins.
  if (signal === 'SIGKILL' && !each.atomic) return undefined;
  if (isSuccess(met) && after !== done) return `${signal}: it says that it is done, and it is not:\n${after}`;
  // Node ignores it, as whoever writes to pipes wants it.
  if (signal === 'SIGPIPE' && !isSuccess(met)) return `it fails at SIGPIPE`;
  return after === before || after === done ? undefined : `${signal} leaves something half done:\n${after}`;
}

function afterSuccess(met: Met): string | undefined {
  const { each, json, outcome, done, after, out } = met;
  if (after !== done) return `it says that it is done, and it is not:\n${after}`;
  if (json && !isJson(outcome.out)) return `no JSON: ${outcome.out.slice(0, 200)}`;
  if (each.varies || comparable(outcome.out) === comparable(out) || isLesser(met)) return undefined;
  return `it says that it is done, and prints something else:\n${outcome.out.slice(0, 2000)}`;
}

function afterFailure(met: Met): string | undefined {
  const { json, outcome, call, before, done, after } = met;
  if (outcome.status === null) return `it is ended by ${outcome.signal}`;
  // What was done before it is told cannot be undone.
  const told = isOutput(call);
  if (after !== before && !((told || mayBeDone(met)) && after === done)) return `it fails and leaves something:\n${after}`;
  if (told && call.text.startsWith('2')) return undefined;
  if (json && !told) return isJson(outcome.out) && outcome.out.includes('"error":') ? undefined : `no JSON with an error: ${outcome.out}`;
  const sentences = outcome.err.split('\n').filter((line) => line.startsWith('Error: '));
  return sentences.length === 1 ? undefined : `it says ${sentences.length} sentences`;
}

/** Whether it is standard output or standard error that fails. */
const isOutput = ({ name, text }: CallLine) => name === 'write' && /^[12][<,]/.test(text);

/** Without ids, times and addresses. */
export const comparable = (text: string) => text.replace(/[0-9a-f]*\d[0-9a-f]*(\.\d+)?( ?[mnµu]?s\b)?/g, '#').replace(/ +/g, ' ');
