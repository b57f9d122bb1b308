// `npm run faults`: every system call of every command fails in every way, and meets every signal.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Case, titleOf } from './case.js';
import { CASES } from './cases/all.js';
import type { Target } from './choose.js';
import { isInside, runInside } from './inside.js';
import { MENDED, mended } from './mended.js';
import { Place } from './place.js';
import { type Effect, nameOf, noStrace } from './strace.js';
import { type Finding, type Result, tryCase } from './try.js';

const USAGE = `Every system call of every command fails in every way, and meets every signal: npm run faults [-- OPTIONS] [TEXT...]
  TEXT            only cases that have this in their title
  --shard I/N     only the cases of every Nth subcommand, from the Ith on
  --only NAMES    only these errors and signals: EPERM,SIGTERM; none: only whether the cases work
  --calls NAMES   only at these system calls: bpf,rename
  --mended        only what something was wrong with once
  --results FILE  writes the figures, as JSON
  --list          names the cases`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    shard: { type: 'string', default: '1/1' },
    only: { type: 'string' },
    calls: { type: 'string' },
    mended: { type: 'boolean' },
    results: { type: 'string' },
    list: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

function chosen() {
  const [which = 1, of = 1] = values.shard.split('/').map(Number);
  const parts = [...new Set(CASES.map(partOf))];
  const known = (each: Case) => !values.mended || MENDED.some(({ title }) => title === titleOf(each));
  return CASES.filter(known)
    .filter((each) => positionals.length === 0 || positionals.some((text) => titleOf(each).includes(text)))
    .filter((each) => parts.indexOf(partOf(each)) % of === which - 1);
}

/** What shares something that the whole system has is met one after the other, and so are the forms of a subcommand. */
const partOf = ({ of }: Case) => (of.startsWith('struct_ops') ? 'struct_ops' : of);

const only = values.only?.split(',');
const names = values.calls?.split(',');

function choose(each: Case, target: Target): readonly Effect[] {
  const { call, effects } = target;
  if (values.mended) return mended(each, target);
  if (names && !names.includes(call.name)) return [];
  return only ? effects.filter((effect) => only.includes(nameOf(effect))) : effects;
}

function tell(title: string, result: Result): void {
  const { impossible, tried, calls, distinct, missed, untried, unsteady, findings } = result;
  if (impossible !== undefined) console.log(`${title}: not possible here: ${impossible.trimEnd()}`);
  else console.log(`${title}: ${calls} calls, ${distinct} distinct, ${tried} faults, ${missed} missed, ${findings.length} findings`);
  if (untried.length > 0) console.log(`  UNTRIED ${untried.join(', ')}`);
  for (const finding of findings) console.log(findingText(finding));
  for (const finding of unsteady) console.log(`  ONCE ONLY\n${findingText(finding)}`);
}

function findingText({ fault, call, wrong, outcome, json }: Finding): string {
  const effect = nameOf(fault.effect);
  const ended = `status ${outcome.status ?? outcome.signal}: ${outcome.err.trimEnd()}${json ? ` ${outcome.out.trimEnd().slice(0, 300)}` : ''}`;
  return `  ${json ? '-j ' : ''}${fault.call} ${fault.count} ${effect}: ${call.slice(0, 200)}\n    ${wrong.replaceAll('\n', '\n      ')}\n    ${ended.replaceAll('\n', '\n      ')}`;
}

async function main(): Promise<number> {
  if (values.help || values.list) {
    console.log(values.help ? USAGE : CASES.map(titleOf).join('\n'));
    return 0;
  }
  const missing = noStrace();
  if (missing) throw new Error(missing);
  if (!isInside) return runInside();
  // The first process of a namespace has no default for signals.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  using place = new Place();
  const results: Record<string, Omit<Result, 'findings' | 'unsteady'> & { findings: number; unsteady: number }> = {};
  for (const each of chosen()) {
    const result = await tryCase(each, place, (target) => choose(each, target), !values.mended && (only?.includes('ENOMEM') ?? true));
    tell(titleOf(each), result);
    results[titleOf(each)] = { ...result, findings: result.findings.length, unsteady: result.unsteady.length };
  }
  const all = Object.values(results);
  const sum = (of: 'tried' | 'missed' | 'findings' | 'calls' | 'distinct') => all.reduce((total, result) => total + result[of], 0);
  const made = new Set(all.flatMap((result) => result.names));
  const impossible = all.filter((result) => result.impossible !== undefined).length;
  console.log(
    `${all.length - impossible} commands${impossible > 0 ? ` and ${impossible} not possible here` : ''}, ${made.size} system calls, ${sum('calls')} calls, ${sum('distinct')} distinct, ${sum('tried')} faults, ${sum('missed')} missed, ${sum('findings')} findings`,
  );
  if (values.results) writeFileSync(values.results, `${JSON.stringify(results, null, 2)}\n`);
  return sum('findings') === 0 ? 0 : 1;
}

process.exitCode = await main();
