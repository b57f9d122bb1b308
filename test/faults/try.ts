// Meets a command with every fault.
import type { Case } from './case.js';
import { ERRORS, ownCalls, type Target, targetsOf } from './choose.js';
import { detachAll, unregisterAll } from './clear.js';
import { judge } from './judge.js';
import type { Place } from './place.js';
import { settled, stateOf } from './state.js';
import { type Effect, type Fault, nameOf, type Outcome, runWith } from './strace.js';
import type { CallLine } from './trace.js';

/** What a command made of a fault, when that was wrong, twice. */
export interface Finding {
  readonly fault: Fault;
  readonly call: string;
  readonly wrong: string;
  readonly outcome: Outcome;
  readonly json: boolean;
}

/** What came of a case. */
export interface Result {
  /** Why it cannot be tried here: it fails without a fault. */
  readonly impossible?: string;
  readonly tried: number;
  /** Calls that the tool made, and how many of them were distinct. */
  readonly calls: number;
  readonly distinct: number;
  readonly names: readonly string[];
  /** Faults that hit another call than was meant, or none, twice. */
  readonly missed: number;
  /** Of what was missed, calls by their name and what they were to meet, where no other call of that name has met it. */
  readonly untried: readonly string[];
  /** What was wrong once and right when it was tried again. */
  readonly unsteady: readonly Finding[];
  readonly findings: readonly Finding[];
}

/** Which faults to try: by default all. */
export type Choose = (target: Target) => readonly Effect[];

const RECOUNTS = 2;
// No command makes so many calls of one name; strace takes no more.
const NEVER = 65_535;
// With JSON the same code fails: one error shows how it is told.
const IN_JSON: readonly Effect[] = [ERRORS[1]!];

/** Runs a case without a fault, then once for each effect at each distinct call; and again as JSON, with one error. */
export async function tryCase(each: Case, place: Place, choose: Choose = ({ effects }) => effects, json = true): Promise<Result> {
  const plain = await new Trial(each, place, false).run(choose);
  if (!json || plain.impossible !== undefined) return plain;
  const inJson = await new Trial(each, place, true).run((target) =>
    target.call.name === 'bpf' ? choose(target).filter((effect) => IN_JSON.includes(effect)) : [],
  );
  return {
    ...plain,
    tried: plain.tried + inJson.tried,
    missed: plain.missed + inJson.missed,
    untried: plain.untried,
    unsteady: [...plain.unsteady, ...inJson.unsteady],
    findings: [...plain.findings, ...inJson.findings],
  };
}

const SEEN = new Map<string, Set<string>>();

/** What there is before the first case makes anything. */
let empty: string | undefined;

class Trial {
  readonly args: readonly string[];
  #made: Disposable[] = [];
  #before: string | undefined;
  #done = '';
  #out = '';
  #calls: readonly CallLine[] = [];

  constructor(
    readonly each: Case,
    readonly place: Place,
    readonly json: boolean,
  ) {
    const words = [json ? '-j' : '', each.options ?? '', each.of, each.line ?? ''];
    this.args = words.flatMap((text) => place.fill(text).split(' ')).filter((word) => word !== '');
  }

  async run(choose: Choose): Promise<Result> {
    await this.#begin();
    const { status, err, out, calls } = await this.#runWith();
    this.#done = this.#state();
    this.#out = out;
    this.#calls = calls;
    const nothing = { tried: 0, calls: 0, distinct: 0, names: [], missed: 0, untried: [], unsteady: [], findings: [] };
    if (status !== (this.each.status ?? 0)) return this.#end({ ...nothing, impossible: `status ${status}: ${err}` });
    const own = ownCalls(calls);
    const targets = targetsOf(own, this.each.loading ?? false, this.#seen());
    const result = { ...nothing, calls: own.length, distinct: targets.length, names: [...new Set(targets.map(({ call }) => call.name))] };
    const unsteady: Finding[] = [];
    const findings: Finding[] = [];
    const [met, missed] = [new Set<string>(), new Set<string>()];
    for (const target of targets)
      for (const effect of choose(target)) {
        result.tried += 1;
        const first = await this.#meet(target, effect);
        const again = first === undefined ? undefined : await this.#meet(target, effect);
        if (again === 'missed') result.missed += 1;
        (again === 'missed' ? missed : met).add(`${target.call.name} ${nameOf(effect)}`);
        if (first === undefined || first === 'missed' || again === 'missed') continue;
        (again ? findings : unsteady).push(again ?? first);
      }
    return this.#end({ ...result, untried: [...missed].filter((each) => !met.has(each)), unsteady, findings });
  }

  async #meet({ call, path }: Target, effect: Effect): Promise<Finding | 'missed' | undefined> {
    let fault: Fault = { call: call.name, count: path === undefined ? call.count : 1, ...(path !== undefined && { path }), effect };
    let [outcome, hit] = await this.#hit(fault);
    // How many calls are made before it depends on what else is in the kernel and in /proc: they are counted anew.
    for (let attempt = 1; attempt <= RECOUNTS && !(hit && isSame(hit, call)); attempt++) {
      await this.#begin();
      const now = (await this.#runWith({ ...fault, count: NEVER })).calls.filter(({ what }) => what === call.what)[
        this.#occurrence(call) - 1
      ];
      if (now && path === undefined) fault = { ...fault, count: now.count };
      [outcome, hit] = await this.#hit(fault);
    }
    if (!hit || !isSame(hit, call)) return 'missed';
    const before = this.#before!;
    const after = await settled(this.place, [before, this.#done], this.#ofAll);
    const wrong = judge({ each: this.each, json: this.json, fault, call: hit, outcome, before, done: this.#done, after, out: this.#out });
    return wrong === undefined ? undefined : { fault, call: hit.text, wrong, outcome, json: this.json };
  }

  /** Which of the calls that are alike it is, those of Node's start among them. */
  #occurrence({ name, what, thread, count }: CallLine): number {
    return this.#calls.filter((call) => call.name === name && call.what === what && call.thread === thread && call.count <= count).length;
  }

  /** What other forms of the same subcommand have met; as JSON it is something else. */
  #seen(): Set<string> {
    const key = `${this.each.of}${this.json}`;
    const seen = SEEN.get(key) ?? new Set();
    SEEN.set(key, seen);
    return seen;
  }

  get #ofAll(): boolean {
    return this.each.of.startsWith('struct_ops');
  }

  #state(): string {
    return stateOf(this.place, this.#ofAll);
  }

  /** How it ended, and the call that failed. */
  async #hit(fault: Fault): Promise<[Outcome, CallLine | undefined]> {
    await this.#begin();
    const outcome = await this.#runWith(fault);
    return [outcome, 'error' in fault.effect ? outcome.calls.find(({ injected }) => injected) : nth(outcome.calls, fault)];
  }

  #runWith(fault?: Fault): Promise<Outcome> {
    return runWith(this.args, { folder: this.place.folder, interrupted: this.each.interrupted }, fault);
  }

  /** Makes everything anew unless it is as it was. */
  async #begin(): Promise<void> {
    if (this.#before !== undefined && !this.each.fresh && this.#state() === this.#before) return;
    this.#clear();
    // What the case before left goes in the kernel's own time, and is not to be taken for this one's.
    empty ??= stateOf(this.place);
    if (this.#before === undefined) await settled(this.place, [empty]);
    for (const make of this.each.make ?? []) {
      const one = make(this.place);
      if (isDisposable(one)) this.#made.push(one);
    }
    this.#before ??= this.#state();
    const state = await settled(this.place, [this.#before], this.#ofAll);
    if (state !== this.#before) throw new Error(`${this.each.of}: what was there cannot be made again:\n${state}\nnot\n${this.#before}`);
  }

  #clear(): void {
    for (const one of this.#made.reverse()) one[Symbol.dispose]();
    this.#made = [];
    this.place.clear();
    detachAll(this.place);
    if (this.#ofAll) unregisterAll();
  }

  #end(result: Result): Result {
    this.#clear();
    return result;
  }
}

const isDisposable = (one: unknown): one is Disposable => typeof one === 'object' && one !== null && Symbol.dispose in one;

/** Of a call that ended the process only the beginning is in the log. */
function isSame(hit: CallLine, meant: CallLine): boolean {
  return withoutData(hit.what) === withoutData(meant.what) || (/ <unfinished |\) += \?$/.test(hit.text) && hit.name === meant.name);
}

/** That a read is at the end of a file is not seen of one that failed; and strace writes otherwise of an event that was E2BIG. */
const withoutData = (what: string) => what.replace(/ ""\)$/, ')').replace(/^(perf_event_open).*/, '$1');

/** A call that a signal met is not marked. With `path`, only those on the file are in the log. */
function nth(calls: readonly CallLine[], { count, call }: Fault): CallLine | undefined {
  return calls.find((each) => each.name === call && each.count === count);
}
