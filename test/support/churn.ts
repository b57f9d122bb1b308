// A process that makes programs and maps and lets go of them without end, and starts others that hold some for a moment: `node churn.js [MILLISECONDS]`.
import { spawn } from 'node:child_process';
import { makeMap } from './maps.js';
import { programOf, startBeside } from './programs.js';
import { loadSmallest } from './smallest-program.js';

const SELF = programOf('support/churn');
const AT_A_TIME = 100;
const SHORT_MS = 50;

/** Starts it, and waits until it is under way. It ends when disposed of. */
export function startChurn(): Promise<AsyncDisposable> {
  return startBeside(SELF, 'all');
}

function round(): void {
  const held: Disposable[] = [];
  for (let i = 0; i < AT_A_TIME; i++) {
    held.push(makeMap('HASH', { name: 'churn' }));
    held.push(loadSmallest('churn'));
  }
  for (const each of held) each[Symbol.dispose]();
}

function churn(milliseconds: number): void {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) round();
}

async function churnWithOthers(): Promise<void> {
  round();
  process.stdout.write('under way\n');
  for (;;) {
    const other = spawn(process.execPath, [SELF, String(SHORT_MS)], { stdio: 'ignore' });
    const ended = new Promise((resolve) => other.on('exit', resolve));
    churn(SHORT_MS);
    await ended;
  }
}

if (process.argv[1] === SELF) {
  if (process.argv[2] === 'all') void churnWithOthers();
  else churn(Number(process.argv[2]));
}
