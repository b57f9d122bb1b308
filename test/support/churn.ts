// A process that makes programs and maps and lets go of them without end, and starts others that hold some for a moment: `node churn.js [MILLISECONDS]`.
import { type ChildProcess, spawn } from 'node:child_process';
import { progLoad } from '../../native/bpf.js';
import { ProgType } from '../../src/kernel/enums.gen.js';
import { makeMap } from './maps.js';
import { programOf } from './programs.js';

const SELF = programOf('support/churn');
const AT_A_TIME = 100;
const SHORT_MS = 50;

/** Starts it, and waits until it is under way. It ends when disposed of. */
export async function startChurn(): Promise<AsyncDisposable> {
  const child: ChildProcess = spawn(process.execPath, [SELF, 'all'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

// r0 = 0; exit
const PROGRAM = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);

function round(): void {
  const held: Disposable[] = [];
  for (let i = 0; i < AT_A_TIME; i++) {
    held.push(makeMap('HASH', { name: 'churn' }));
    const names = { license: Buffer.from('GPL\0'), prog_name: Buffer.from('churn') };
    held.push(progLoad({ prog_type: ProgType.SOCKET_FILTER, insns: PROGRAM, insn_cnt: PROGRAM.length / 8, ...names }));
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
