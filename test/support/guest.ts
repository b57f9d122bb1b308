import { readFileSync } from 'node:fs';
import { SERIES } from '../vm/series.js';

/** The kernel series, such as `6.12`, in a virtual machine of test/vm, where nobody else is; undefined elsewhere. */
export const guest: string | undefined = wordOfGuest('guest');

/** Whether this is such a machine, and all that runs there twenty times as slow as on a real one. */
export const emulated: boolean = wordOfGuest('accelerator') === 'emulation';

/**
 * Rows of a long table: all of them, but where instructions are emulated every nth. Each kernel starts with another one, so that `nth` kernels, or as many
 * as there are, share the table between them.
 */
export function someOf<T>(rows: readonly T[], nth: number, of = emulated ? guest : undefined): readonly T[] {
  const first = SERIES.findIndex(({ name }) => name === of);
  return first < 0 ? rows : rows.filter((_, index) => index % nth === first % nth);
}

// test/vm says so on the guest's command line, which no environment can pretend.
function wordOfGuest(name: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return new RegExp(`(?<= |^)bpf-ts\\.${name}=(\\S+)`).exec(readFileSync('/proc/cmdline', 'utf8'))?.[1];
}
