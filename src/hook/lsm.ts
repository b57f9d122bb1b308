import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';
import { tracingRequest } from './tracing.js';

/** A hook of the Linux security modules, which may deny: `lsm/HOOK`. Needs `bpf` among the active security modules. */
export const lsm: Hook = {
  name: 'lsm',
  program: 'LSM',
  link: 'TRACING',
  target: 'kernel function',
  since: '5.7',
  autoAttach: true,
  words: ['cookie'],
  sections: [
    { name: 'lsm+', attach: 'LSM_MAC', flags: ['ATTACH_BTF'] },
    { name: 'lsm.s+', attach: 'LSM_MAC', flags: ['ATTACH_BTF', 'SLEEPABLE'], since: '5.11' },
  ],
  request: tracingRequest,
};

/** A hook of the Linux security modules, for the processes of one cgroup. */
export const lsmCgroup: Hook = {
  name: 'lsm_cgroup',
  program: 'LSM',
  link: 'CGROUP',
  target: 'cgroup',
  since: '6.0',
  sections: [{ name: 'lsm_cgroup+', attach: 'LSM_CGROUP', flags: ['ATTACH_BTF'] }],
  words: ['before', 'after'],
  request: cgroupRequest,
};
