import type { ObjectCommand } from './command.js';
import { show } from './prog-show.js';
import { TERMS } from './reference.js';

export const command: ObjectCommand = {
  name: 'prog',
  summary: 'Programs in the kernel',
  subcommands: [show],
  terms: [TERMS.program, TERMS.map],
};
