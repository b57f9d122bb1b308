import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';

/** Events in the life of the TCP connections of a cgroup's processes. */
export const sockOps: Hook = {
  name: 'sockops',
  program: 'SOCK_OPS',
  link: 'CGROUP',
  target: 'cgroup',
  since: '4.13',
  sections: [{ name: 'sockops', attach: 'CGROUP_SOCK_OPS', flags: ['ATTACHABLE_OPT'] }],
  words: ['before', 'after'],
  request: cgroupRequest,
};
