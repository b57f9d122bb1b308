import { cgroupRequest } from './cgroup.js';
import type { AttachTypeName, Hook, Section } from './hook.js';

type CgroupAttach<A> = A extends `CGROUP_${infer Rest}` ? Rest : never;

const section = (name: string, attach: CgroupAttach<AttachTypeName>, since: string): Section => ({
  name: `cgroup/${name}`,
  attach: `CGROUP_${attach}`,
  flags: ['ATTACHABLE'],
  since,
});

/** Addresses that processes of a cgroup bind to, connect to, send to or ask for; the program may change them. */
export const cgroupSockAddr: Hook = {
  name: 'cgroup_sock_addr',
  program: 'CGROUP_SOCK_ADDR',
  link: 'CGROUP',
  target: 'cgroup',
  since: '4.17',
  sections: [
    section('bind4', 'INET4_BIND', '4.17'),
    section('bind6', 'INET6_BIND', '4.17'),
    section('connect4', 'INET4_CONNECT', '4.17'),
    section('connect6', 'INET6_CONNECT', '4.17'),
    section('connect_unix', 'UNIX_CONNECT', '6.7'),
    section('sendmsg4', 'UDP4_SENDMSG', '4.18'),
    section('sendmsg6', 'UDP6_SENDMSG', '4.18'),
    section('sendmsg_unix', 'UNIX_SENDMSG', '6.7'),
    section('recvmsg4', 'UDP4_RECVMSG', '5.2'),
    section('recvmsg6', 'UDP6_RECVMSG', '5.2'),
    section('recvmsg_unix', 'UNIX_RECVMSG', '6.7'),
    section('getpeername4', 'INET4_GETPEERNAME', '5.8'),
    section('getpeername6', 'INET6_GETPEERNAME', '5.8'),
    section('getpeername_unix', 'UNIX_GETPEERNAME', '6.7'),
    section('getsockname4', 'INET4_GETSOCKNAME', '5.8'),
    section('getsockname6', 'INET6_GETSOCKNAME', '5.8'),
    section('getsockname_unix', 'UNIX_GETSOCKNAME', '6.7'),
  ],
  words: ['before', 'after'],
  request: cgroupRequest,
};
