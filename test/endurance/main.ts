// Lets tools run for long and watches what they take: `npm run endurance -- --for 30m [--rate 100000] [--young MB] [run events top watch ...]`; see docs/reliability.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../../commands/wait.js';
import { ownNetwork, quietPair } from '../support/live.js';
import { type Change, endure, type Verdict } from './endure.js';
import { WORKLOADS } from './workloads.js';

const MEGABYTE = 1e6;
const BAR = MEGABYTE;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { for: { type: 'string', default: '30m' }, rate: { type: 'string' }, young: { type: 'string' }, keep: { type: 'string' } },
});
const time = parseDuration(values.for) / 1000;
const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const [rate, young] = [numberOf(values.rate), numberOf(values.young)];
const names = positionals.length > 0 ? positionals : Object.keys(WORKLOADS);
for (const name of names)
  if (!WORKLOADS[name]) throw new Error(`there is no workload '${name}', only ${Object.keys(WORKLOADS).join(', ')}`);

// `run` attaches to an interface there.
ownNetwork();
quietPair();
const verdicts = await Promise.all(names.map((name) => endure({ name, kind: WORKLOADS[name]!, time, rate, young })));
for (const verdict of verdicts) console.log(text(verdict));
if (values.keep !== undefined) {
  mkdirSync(dirname(values.keep), { recursive: true });
  writeFileSync(values.keep, `${JSON.stringify(verdicts, null, 1)}\n`);
}
if (!verdicts.every(isGood)) process.exitCode = 1;

function text(verdict: Verdict): string {
  const { name, made, account, missing, descriptors, status, resident, heap, native, per } = verdict;
  return [
    `${name}: ${isGood(verdict) ? 'good' : 'BAD'}`,
    `  ${made} made in ${time} s: ${account}${missing > 0 ? `, ${missing} MISSING` : ''}; status ${status}`,
    `  resident ${changeText(resident, per)}`,
    `  heap     ${changeText(heap, per)}`,
    `  native   ${changeText(native, per)}`,
    `  descriptors ${descriptors.join(' -> ')}`,
  ].join('\n');
}

function changeText({ first, last, slope }: Change, per: Verdict['per']): string {
  const inMegabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(2);
  const range = `${inMegabytes(slope.low)} to ${inMegabytes(slope.high)}`;
  return `${inMegabytes(first)} -> ${inMegabytes(last)} MB, ${inMegabytes(slope.slope)} MB ${per === 'hour' ? 'an hour' : 'a million'} (95 %: ${range})`;
}

/** What is kept decides; what is resident also has the room that V8 gives to young objects, which grows to 48 MB before it stays. */
function isGood({ missing, heap, native, descriptors, status }: Verdict): boolean {
  return missing === 0 && status === 0 && heap.slope.slope < BAR && native.slope.slope < BAR && descriptors[0] === descriptors[1];
}
