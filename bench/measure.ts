import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A program with its arguments, as a shell takes them. */
export type CommandLine = string;

// An environment that names extra certificates makes each start of Node take three times as long.
export const { NODE_EXTRA_CA_CERTS: _left, ...ENVIRONMENT } = process.env;

/** Seconds that a command takes whose output goes into a pipe. @throws Error when it fails */
export function secondsOf(command: CommandLine): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = shell(`{ ${command}; } | cat >/dev/null; exit "\${PIPESTATUS[0]}"`);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return seconds;
}

/** A digest of what a command prints. */
export function digestOf(command: CommandLine): string {
  return shell(`{ ${command}; } | sha256sum`).stdout;
}

/** What a command prints. */
export function outputOf(command: CommandLine): string {
  return shell(command).stdout;
}

function shell(script: string) {
  return spawnSync('bash', ['-c', script], { encoding: 'utf8', env: ENVIRONMENT });
}

/** The most memory that a command ever had, in MB, looked at every few milliseconds while its output goes into a pipe. */
export async function peakMegabytes(command: CommandLine): Promise<number> {
  const child = spawn('bash', ['-c', `exec ${command} > >(cat >/dev/null)`], { env: ENVIRONMENT, stdio: 'ignore' });
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, highWater(child.pid));
  }, 5);
  await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  return most;
}

function highWater(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
