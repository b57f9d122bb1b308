import { readFileSync } from 'node:fs';

/** The kernel series, such as `6.12`, in a virtual machine of test/vm, where nobody else is; undefined elsewhere. */
export const guest: string | undefined = process.platform === 'linux' ? seriesOfGuest() : undefined;

// test/vm says so on the guest's command line, which no environment can pretend.
function seriesOfGuest(): string | undefined {
  return /(?<= |^)bpf-ts\.guest=(\S+)/.exec(readFileSync('/proc/cmdline', 'utf8'))?.[1];
}
