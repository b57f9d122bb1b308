import type { Hook } from './hook.js';

/** Sees what arrives at one socket and says how many bytes of it the socket gets (`SO_ATTACH_BPF`). */
export const socketFilter: Hook = {
  name: 'socket',
  program: 'SOCKET_FILTER',
  target: 'socket',
  since: '3.19',
  sections: [{ name: 'socket' }],
};
