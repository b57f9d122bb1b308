import { type Hook, required } from './hook.js';

/** Decodes the pulses of an infrared receiver. It stays until it is detached. */
export const lirc: Hook = {
  name: 'lirc_mode2',
  program: 'LIRC_MODE2',
  target: 'device',
  since: '4.18',
  config: 'BPF_LIRC_MODE2',
  sections: [{ name: 'lirc_mode2', attach: 'LIRC_MODE2', flags: ['ATTACHABLE_OPT'] }],
  request: ({ section, fd }) => ({
    via: 'prog_attach',
    attach: section.attach!,
    fields: { target_fd: required(fd, 'an infrared receiver: device /dev/lirc0') },
  }),
};
