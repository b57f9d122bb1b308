import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';

/** Files below /proc/sys that processes of a cgroup read or write; the program may change or refuse. */
export const cgroupSysctl: Hook = {
  name: 'cgroup_sysctl',
  program: 'CGROUP_SYSCTL',
  link: 'CGROUP',
  target: 'cgroup',
  since: '5.2',
  sections: [{ name: 'cgroup/sysctl', attach: 'CGROUP_SYSCTL', flags: ['ATTACHABLE'] }],
  words: ['before', 'after'],
  request: cgroupRequest,
};
