import type { AttachTypeName, Hook, Section } from './hook.js';

type CgroupAttach<A> = A extends `CGROUP_${infer Rest}` ? Rest : never;

const section = (name: string, attach: CgroupAttach<AttachTypeName>): Section => ({
  name: `cgroup/${name}`,
  attach: `CGROUP_${attach}`,
  flags: ['ATTACHABLE'],
});

/** Addresses that processes of a cgroup bind to, connect to, send to or ask for; the program may change them. */
export const cgroupSockAddr: Hook = {
  name: 'cgroup_sock_addr',
  program: 'CGROUP_SOCK_ADDR',
  link: 'CGROUP',
  target: 'cgroup',
  since: '4.17',
  sections: [
    section('bind4', 'INET4_BIND'),
    section('bind6', 'INET6_BIND'),
    section('connect4', 'INET4_CONNECT'),
    section('connect6', 'INET6_CONNECT'),
    section('connect_unix', 'UNIX_CONNECT'),
    section('sendmsg4', 'UDP4_SENDMSG'),
    section('sendmsg6', 'UDP6_SENDMSG'),
    section('sendmsg_unix', 'UNIX_SENDMSG'),
    section('recvmsg4', 'UDP4_RECVMSG'),
    section('recvmsg6', 'UDP6_RECVMSG'),
    section('recvmsg_unix', 'UNIX_RECVMSG'),
    section('getpeername4', 'INET4_GETPEERNAME'),
    section('getpeername6', 'INET6_GETPEERNAME'),
    section('getpeername_unix', 'UNIX_GETPEERNAME'),
    section('getsockname4', 'INET4_GETSOCKNAME'),
    section('getsockname6', 'INET6_GETSOCKNAME'),
    section('getsockname_unix', 'UNIX_GETSOCKNAME'),
  ],
};
