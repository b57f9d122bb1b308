// The bpftool that parity tests compare with: $BPFTOOL, or the one of the system.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Captured } from './capture.js';

/** Where it is; undefined when there is none. */
export const referencePath = [process.env.BPFTOOL, '/usr/sbin/bpftool', '/usr/local/sbin/bpftool'].find((each) => each && existsSync(each));

/** Runs the reference with these arguments. */
export function runReference(args: readonly string[]): Captured {
  const { status, stdout, stderr } = spawnSync(referencePath!, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status: status ?? -1, out: stdout, err: stderr };
}

/** The reference's version as a number that can be compared, 7.5 as 705; 0 when there is none. */
export const referenceVersion: number = referencePath ? readVersion() : 0;

/** Why there is nothing to compare with; false when there is. */
export const noReference: string | false = referenceVersion > 0 ? false : 'needs bpftool to compare with';

function readVersion(): number {
  const [, major = '0', minor = '0'] = /v(\d+)\.(\d+)/.exec(runReference(['version']).out) ?? [];
  return Number(major) * 100 + Number(minor);
}

/** What it takes machine code apart with; undefined when it cannot. */
export const referenceDisassembler: 'llvm' | 'libbfd' | undefined = referencePath ? readDisassembler() : undefined;

function readDisassembler(): 'llvm' | 'libbfd' | undefined {
  const { features } = JSON.parse(runReference(['-j', 'version']).out) as { features?: Record<string, boolean> };
  return (['llvm', 'libbfd'] as const).find((name) => features?.[name]);
}
