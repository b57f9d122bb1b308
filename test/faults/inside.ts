// Runs a program of ours where it and what it starts are the only processes that can be seen.
import { spawnSync } from 'node:child_process';

const INSIDE = 'BPF_TS_FAULTS_INSIDE';

/** Whether this process is in such a namespace of processes. */
export const isInside = process.env[INSIDE] !== undefined;

/** Runs this very program again in a namespace of processes with a /proc of its own, and gives its status. */
export function runInside(): number {
  const args = ['-p', '-f', '--kill-child', '--mount-proc', process.execPath, ...process.argv.slice(1)];
  const { status, error } = spawnSync('unshare', args, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  if (error) throw error;
  return status ?? 1;
}
