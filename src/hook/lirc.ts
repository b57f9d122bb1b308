import type { Hook } from './hook.js';

/** Decodes the pulses of an infrared receiver. */
export const lirc: Hook = {
  name: 'lirc_mode2',
  program: 'LIRC_MODE2',
  target: 'device',
  since: '4.18',
  sections: [{ name: 'lirc_mode2', attach: 'LIRC_MODE2', flags: ['ATTACHABLE_OPT'] }],
};
