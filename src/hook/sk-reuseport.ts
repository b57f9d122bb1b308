import type { Hook } from './hook.js';

/** Chooses the socket of a SO_REUSEPORT group that gets a packet or connection (`SO_ATTACH_REUSEPORT_EBPF`). */
export const skReuseport: Hook = {
  name: 'sk_reuseport',
  program: 'SK_REUSEPORT',
  target: 'socket',
  since: '4.19',
  sections: [
    { name: 'sk_reuseport/migrate', attach: 'SK_REUSEPORT_SELECT_OR_MIGRATE', flags: ['ATTACHABLE'] },
    { name: 'sk_reuseport', attach: 'SK_REUSEPORT_SELECT', flags: ['ATTACHABLE'] },
  ],
};
