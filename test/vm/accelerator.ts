// Whether guests run on the machine's own processor (KVM) or are emulated.
import { accessSync, constants } from 'node:fs';
import { type Accelerator, runInGuest } from './guest.js';
import type { Kernel } from './kernel.js';

export interface Choice {
  readonly accelerator: Accelerator;
  /** Why not KVM. */
  readonly reason?: string;
}

const TRIAL_LIMIT = 30;

/**
 * KVM when a guest comes up on it and ends again. To find /dev/kvm is not enough: below another hypervisor it may be there and fail at the first instruction
 * that has to be emulated.
 */
export async function chooseAccelerator(kernel: Kernel): Promise<Choice> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { accelerator: 'emulation', reason: `/dev/kvm ${missing ? 'is not there' : 'may not be opened'}` };
  }
  const command = `'${process.execPath}' -e 0`;
  const { status, console } = await runInGuest(kernel, { command, accelerator: 'kvm', limit: TRIAL_LIMIT, print: () => {} });
  if (status === 0) return { accelerator: 'kvm' };
  return { accelerator: 'emulation', reason: `a guest does not come up on /dev/kvm${lastLine(console)}` };
}

function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line ? ` (${line})` : '';
}
