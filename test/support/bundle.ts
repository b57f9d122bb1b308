// Runs the tool as people have it: the bundle, by its launcher. Single modules would need more of everything than all else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ended } from './tool.js';

/** The launcher. */
export const LAUNCHER = fileURLToPath(new URL('../../../bin/bpf-ts.js', import.meta.url));

const LIMIT_MS = 120_000;
const MOST_OUTPUT = 1 << 28;

/** Runs `bpf-ts ARGS...` to its end; `prefix` is a command line that runs another one, such as `prlimit --nofile=30`. */
export function bundle(args: readonly string[], prefix: readonly string[] = []): Promise<Ended> {
  const [program = '', ...rest] = [...prefix, process.execPath, LAUNCHER, ...args];
  return new Promise((resolve) => {
    const child = execFile(program, rest, { timeout: LIMIT_MS, maxBuffer: MOST_OUTPUT }, (_, out, err) =>
      resolve({ status: child.exitCode, out, err }),
    );
  });
}

/** One sentence on stderr, and no more: no stack, no half of anything. */
export function assertSentence({ status, err }: Ended, words: RegExp): void {
  assert.ok(status !== null && status > 0, `it ended with ${status}: ${err}`);
  assert.match(err, words);
  assert.equal(err.trim().split('\n').length, 1, err);
}
