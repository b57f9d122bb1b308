import { type Hook, required } from './hook.js';

// asm-generic/socket.h
const [SO_ATTACH_REUSEPORT_EBPF, SO_DETACH_REUSEPORT_BPF] = [52, 68];

/** Chooses the socket of a SO_REUSEPORT group that gets a packet or connection (`SO_ATTACH_REUSEPORT_EBPF`). */
export const skReuseport: Hook = {
  name: 'sk_reuseport',
  program: 'SK_REUSEPORT',
  target: 'socket',
  since: '4.19',
  sections: [
    { name: 'sk_reuseport/migrate', attach: 'SK_REUSEPORT_SELECT_OR_MIGRATE', flags: ['ATTACHABLE'], since: '5.14' },
    { name: 'sk_reuseport', attach: 'SK_REUSEPORT_SELECT', flags: ['ATTACHABLE'] },
  ],
  request: ({ fd, socketOf }) => ({
    via: 'socket',
    fd: required(fd, 'a socket with SO_REUSEPORT: socket PID:FD'),
    option: SO_ATTACH_REUSEPORT_EBPF,
    undo: SO_DETACH_REUSEPORT_BPF,
    of: socketOf,
  }),
};
