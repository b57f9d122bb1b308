import { UsageError } from '../src/errors.js';
import { type AttachTypeName, attachTypes } from '../src/kernel/names.js';
import { attachToCgroup, type CgroupSharing, detachFromCgroup } from '../src/link/cgroup.js';
import { show, tree } from './cgroup/show.js';
import { done, type ObjectCommand, subcommand } from './command.js';
import { isPrefix, type Words } from './line/words.js';
import { TERMS, takeProgram } from './reference/reference.js';

/** Names of before libbpf had any, which may be shortened, in the order of enum bpf_attach_type: that decides what a beginning means. */
const OLD_NAMES: readonly (readonly [string, AttachTypeName])[] = [
  ['ingress', 'CGROUP_INET_INGRESS'],
  ['egress', 'CGROUP_INET_EGRESS'],
  ['sock_create', 'CGROUP_INET_SOCK_CREATE'],
  ['sock_ops', 'CGROUP_SOCK_OPS'],
  ['device', 'CGROUP_DEVICE'],
  ['bind4', 'CGROUP_INET4_BIND'],
  ['bind6', 'CGROUP_INET6_BIND'],
  ['connect4', 'CGROUP_INET4_CONNECT'],
  ['connect6', 'CGROUP_INET6_CONNECT'],
  ['post_bind4', 'CGROUP_INET4_POST_BIND'],
  ['post_bind6', 'CGROUP_INET6_POST_BIND'],
  ['sendmsg4', 'CGROUP_UDP4_SENDMSG'],
  ['sendmsg6', 'CGROUP_UDP6_SENDMSG'],
  ['sysctl', 'CGROUP_SYSCTL'],
  ['recvmsg4', 'CGROUP_UDP4_RECVMSG'],
  ['recvmsg6', 'CGROUP_UDP6_RECVMSG'],
  ['getsockopt', 'CGROUP_GETSOCKOPT'],
  ['setsockopt', 'CGROUP_SETSOCKOPT'],
  ['getpeername4', 'CGROUP_INET4_GETPEERNAME'],
  ['getpeername6', 'CGROUP_INET6_GETPEERNAME'],
  ['getsockname4', 'CGROUP_INET4_GETSOCKNAME'],
  ['getsockname6', 'CGROUP_INET6_GETSOCKNAME'],
  ['sock_release', 'CGROUP_INET_SOCK_RELEASE'],
];

const NEW_NAMES = attachTypes.names.filter((name) => name.startsWith('cgroup_'));

export const command: ObjectCommand = {
  name: 'cgroup',
  summary: 'Programs attached to cgroups',
  subcommands: [
    show,
    tree,
    subcommand({
      name: 'attach',
      summary: 'Attach a program to a cgroup, without a link: it stays until it is detached',
      grammar: 'CGROUP ATTACH_TYPE PROG [{ multi | override }]',
      examples: ['bpf-ts cgroup attach /sys/fs/cgroup/app cgroup_inet_egress id 7 multi'],
      run: (words) => {
        const path = words.next('CGROUP');
        const attach = takeAttachType(words);
        using program = takeProgram(words);
        attachToCgroup(path, attach, program, takeSharing(words));
        return done;
      },
    }),
    subcommand({
      name: 'detach',
      summary: 'Detach a program that was attached without a link',
      grammar: 'CGROUP ATTACH_TYPE PROG',
      examples: ['bpf-ts cgroup detach /sys/fs/cgroup/app cgroup_inet_egress id 7'],
      run: (words) => {
        const path = words.next('CGROUP');
        const attach = takeAttachType(words);
        using program = takeProgram(words);
        words.end();
        detachFromCgroup(path, attach, program);
        return done;
      },
    }),
  ],
  terms: [`ATTACH_TYPE := { ${NEW_NAMES.join(' | ')} }`, TERMS.program],
};

function takeAttachType(words: Words): AttachTypeName {
  const word = words.next('ATTACH_TYPE');
  if (NEW_NAMES.includes(word) || word === 'lsm_cgroup') return word.toUpperCase() as AttachTypeName;
  const old = OLD_NAMES.find(([name]) => isPrefix(word, name));
  if (old) return old[1];
  throw new UsageError(`ATTACH_TYPE: a cgroup has no hook called '${word}' (bpf-ts cgroup help names them)`);
}

function takeSharing(words: Words): CgroupSharing[] {
  const sharing: CgroupSharing[] = [];
  while (words.left > 0) sharing.push(words.choose('ATTACH_FLAGS', ['multi', 'override']));
  return sharing;
}
