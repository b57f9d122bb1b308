// Programs that tests start beside themselves. Where instructions are emulated their single modules would take five seconds to load, so guests have each as one file.
import { fileURLToPath } from 'node:url';
import { guest } from './guest.js';

/** By name, below the folder of tests: what test/vm makes single files of. */
export const PROGRAMS = ['privileges/confine', 'support/churn', 'support/hold-links', 'support/map-changer'] as const;

/** The file of a program, for Node. */
export function programOf(name: (typeof PROGRAMS)[number]): string {
  return fileURLToPath(new URL(`../../${guest === undefined ? 'test' : 'vm-tests'}/${name}.js`, import.meta.url));
}
