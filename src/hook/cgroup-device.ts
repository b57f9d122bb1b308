import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';

/** Device files that processes of a cgroup open or make; the program may refuse. */
export const cgroupDevice: Hook = {
  name: 'cgroup_device',
  program: 'CGROUP_DEVICE',
  link: 'CGROUP',
  target: 'cgroup',
  since: '4.15',
  sections: [{ name: 'cgroup/dev', attach: 'CGROUP_DEVICE', flags: ['ATTACHABLE_OPT'] }],
  words: ['before', 'after'],
  request: cgroupRequest,
};
