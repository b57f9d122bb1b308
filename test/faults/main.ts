// `npm run faults [-- CASE...]`: every call of every command fails in every way, and meets every signal.
import { CASES } from './cases.js';
import { OwnPlace } from './place.js';
import { noStrace } from './strace.js';
import { ERRORS, SIGNALS, tryCase } from './try.js';

const missing = noStrace();
if (missing) throw new Error(missing);
const wanted = process.argv.slice(2);
using place = new OwnPlace();
let [tried, wrong] = [0, 0];
for (const each of CASES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const result = await tryCase(each, place, [...ERRORS, ...SIGNALS]);
  console.log(`${each.name}: ${result.tried} faults, ${result.findings.length} findings`);
  for (const { fault, wrong: what, outcome } of result.findings) {
    const effect = Object.values(fault.effect).join();
    console.log(
      `  ${fault.call} ${fault.count} ${effect}: ${what}\n    status ${outcome.status ?? outcome.signal}: ${outcome.err.trimEnd()}`,
    );
  }
  tried += result.tried;
  wrong += result.findings.length;
}
console.log(`${tried} faults, ${wrong} findings`);
process.exitCode = wrong === 0 ? 0 : 1;
