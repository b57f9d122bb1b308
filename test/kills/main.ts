// Kills commands at random moments: `npm run kills -- --times 1000 [--seed N] [--first N] [CASE...]`; see docs/reliability.md.
import { parseArgs } from 'node:util';
import { CASES } from './cases.js';
import { type Kill, type Left, Victim } from './kill.js';
import { Place } from './place.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '1000' }, seed: { type: 'string' }, first: { type: 'string', default: '0' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
const chosen = CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0) throw new Error(`there is no such command, only ${CASES.map(({ name }) => name).join(', ')}`);
const times = Number(values.times);
console.log(`seed ${seed}`);
using place = new Place();
let [killed, wrong] = [0, 0];
for (const [index, each] of chosen.entries()) {
  const victim = await Victim.of(each, place);
  const kills = await killsOf(victim, Math.floor((times * (index + 1)) / chosen.length) - Math.floor((times * index) / chosen.length));
  const findings = kills.filter(({ wrong }) => wrong !== undefined);
  const left = (which: Left) => kills.filter((kill) => kill.left === which).length;
  console.log(
    `${each.name} (${Math.round(victim.duration)} ms): ${kills.length} kills, ${left('nothing')} left nothing, ${left('all')} all, ${left('part')} a part of it`,
  );
  for (const { index: at, signal, after, wrong } of findings) console.log(`  --first ${at}: ${signal} after ${after} ms: ${wrong}`);
  killed += kills.length;
  wrong += findings.length;
}
console.log(`${killed} kills, ${wrong} findings`);
if (wrong > 0) process.exitCode = 1;

/** Moments at which the command had ended already do not count. */
async function killsOf(victim: Victim, wanted: number): Promise<Kill[]> {
  const kills: Kill[] = [];
  for (let index = Number(values.first); kills.length < wanted; index++) {
    const kill = await victim.kill(seed, index);
    if (kill) kills.push(kill);
  }
  return kills;
}
