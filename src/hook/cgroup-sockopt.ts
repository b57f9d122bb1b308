import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';

/** Socket options that processes of a cgroup read or set; the program may change or refuse them. */
export const cgroupSockopt: Hook = {
  name: 'cgroup_sockopt',
  program: 'CGROUP_SOCKOPT',
  link: 'CGROUP',
  target: 'cgroup',
  since: '5.3',
  sections: [
    { name: 'cgroup/getsockopt', attach: 'CGROUP_GETSOCKOPT', flags: ['ATTACHABLE'] },
    { name: 'cgroup/setsockopt', attach: 'CGROUP_SETSOCKOPT', flags: ['ATTACHABLE'] },
  ],
  words: ['before', 'after'],
  request: cgroupRequest,
};
