import { cgroupRequest } from './cgroup.js';
import type { Hook } from './hook.js';

/** Sockets that processes of a cgroup create, bind and release. */
export const cgroupSock: Hook = {
  name: 'cgroup_sock',
  program: 'CGROUP_SOCK',
  link: 'CGROUP',
  target: 'cgroup',
  since: '4.10',
  sections: [
    { name: 'cgroup/sock_create', attach: 'CGROUP_INET_SOCK_CREATE', flags: ['ATTACHABLE'] },
    { name: 'cgroup/sock_release', attach: 'CGROUP_INET_SOCK_RELEASE', flags: ['ATTACHABLE'], since: '5.9' },
    { name: 'cgroup/sock', attach: 'CGROUP_INET_SOCK_CREATE', flags: ['ATTACHABLE_OPT'] },
    { name: 'cgroup/post_bind4', attach: 'CGROUP_INET4_POST_BIND', flags: ['ATTACHABLE'], since: '4.17' },
    { name: 'cgroup/post_bind6', attach: 'CGROUP_INET6_POST_BIND', flags: ['ATTACHABLE'], since: '4.17' },
  ],
  words: ['before', 'after'],
  request: cgroupRequest,
};
