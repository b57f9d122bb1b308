import { type Hook, required } from './hook.js';

// asm-generic/socket.h
const [SO_ATTACH_BPF, SO_DETACH_BPF] = [50, 27];

/** Sees what arrives at one socket and says how many bytes of it the socket gets (`SO_ATTACH_BPF`). */
export const socketFilter: Hook = {
  name: 'socket',
  program: 'SOCKET_FILTER',
  target: 'socket',
  since: '3.19',
  sections: [{ name: 'socket' }],
  request: ({ fd, socketOf }) => ({
    via: 'socket',
    fd: required(fd, 'a socket: socket PID:FD'),
    option: SO_ATTACH_BPF,
    undo: SO_DETACH_BPF,
    of: socketOf,
  }),
};
