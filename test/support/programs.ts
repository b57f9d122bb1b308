// Programs that tests start beside themselves. Where instructions are emulated their single modules would take five seconds to load, so guests have each as one file.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { guest } from './guest.js';

/** By name, below the folder of tests: what test/vm makes single files of. */
export const PROGRAMS = ['privileges/confine', 'support/churn', 'support/hold-links', 'support/map-changer'] as const;

/** The file of a program, for Node. */
export function programOf(name: (typeof PROGRAMS)[number]): string {
  return fileURLToPath(new URL(`../../${guest === undefined ? 'test' : 'vm-tests'}/${name}.js`, import.meta.url));
}

/** Starts such a file, and waits until it writes that it is under way. It ends when disposed of, and may end with its standard input. @throws Error when it ends before */
export async function startBeside(file: string, ...args: string[]): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<false>((resolve) => child.on('exit', () => resolve(false)));
  const isUnderWay = await Promise.race([new Promise<true>((resolve) => child.stdout.once('data', () => resolve(true))), ended]);
  if (!isUnderWay) throw new Error(`${[file, ...args].join(' ')} ended before it was under way`);
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
