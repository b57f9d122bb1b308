// Meets a command with every fault, and judges what it made of it.
import { type Case, clear, type Place, stateOf } from './cases.js';
import { CALLS, countCalls, type Fault, type Outcome, runWith } from './strace.js';

/** What a command made of a fault, when that was wrong. */
export interface Finding {
  readonly name: string;
  readonly fault: Fault;
  readonly wrong: string;
  readonly outcome: Outcome;
}

/** Effects to try at every call. */
export type Effects = readonly Fault['effect'][];

export const ERRORS: Effects = ['EPERM', 'ENOMEM', 'EINTR', 'EAGAIN', 'EBUSY', 'E2BIG', 'ENOSPC'].map((error) => ({ error }));
export const SIGNALS: Effects = (['SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGPIPE'] as const).map((signal) => ({ signal }));

/** Runs a case once without a fault, then once for each effect at each call. Gives what was wrong, and how many were tried. */
export async function tryCase(each: Case, place: Place, effects: Effects): Promise<{ tried: number; findings: Finding[] }> {
  const before = begin(each, place);
  const { outcome, calls } = await countCalls(each.args(place), place.folder);
  clearLog(place);
  if (outcome.status !== 0) throw new Error(`${each.name} fails without a fault: ${outcome.err}`);
  const done = stateOf(place);
  const findings: Finding[] = [];
  let tried = 0;
  for (const call of CALLS) {
    for (let count = 1; count <= (calls.get(call) ?? 0); count++) {
      for (const effect of effects) {
        const fault = { call, count, effect };
        begin(each, place);
        const met = await runWith(each.args(place), fault);
        const wrong = judge(each, fault, met, { before, done, after: stateOf(place) });
        tried += 1;
        if (wrong !== undefined) findings.push({ name: each.name, fault, wrong, outcome: met });
      }
    }
  }
  clear(place);
  return { tried, findings };
}

function begin(each: Case, place: Place): string {
  clear(place);
  each.prepare?.(place);
  return stateOf(place);
}

/** The log of calls is no work of the command. */
function clearLog(place: Place): void {
  process.getBuiltinModule('node:fs').rmSync(`${place.folder}/calls`, { force: true });
}

interface States {
  readonly before: string;
  readonly done: string;
  readonly after: string;
}

function judge(each: Case, { effect }: Fault, { status, err }: Outcome, { before, done, after }: States): string | undefined {
  if (/\n {4}at |node:internal/.test(err)) return 'it shows a stack';
  if ('signal' in effect) {
    // What cannot be caught may come between two pins.
    if (effect.signal === 'SIGKILL' && !each.atomic) return undefined;
    return after === before || after === done ? undefined : `it leaves something half done:\n${after}`;
  }
  if (status === 0) return after === done ? undefined : 'it says that it is done, and it is not';
  if (after !== before) return `it fails and leaves something:\n${after}`;
  const sentences = err.split('\n').filter((line) => line.startsWith('Error: '));
  return sentences.length === 1 ? undefined : `it says ${sentences.length} sentences`;
}
