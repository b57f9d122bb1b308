import { programOf } from '../support/programs.js';

/** A process that lacks something: how it is started, and what it is called in the table. */
export interface Situation {
  readonly title: string;
  readonly prefix: readonly string[];
  /** Since which kernel there is such a process. */
  readonly since?: string;
}

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const CONFINE = [process.execPath, programOf('privileges/confine')];

function nobodyWith(...capabilities: string[]): string[] {
  if (capabilities.length === 0) return [...NOBODY, '--inh-caps=-all', '--bounding-set=-all'];
  const list = capabilities.map((name) => `+${name}`).join(',');
  return [...NOBODY, `--inh-caps=${list}`, `--ambient-caps=${list}`];
}

/** In a mount namespace of its own, which the shell commands change first. */
function changed(commands: string): string[] {
  return ['unshare', '-m', 'sh', '-c', `${commands}; exec "$@"`, 'sh'];
}

/** On any machine: none of them changes anything for other processes. */
export const SITUATIONS: readonly Situation[] = [
  { title: 'no capability', prefix: nobodyWith() },
  { title: 'CAP_BPF', prefix: nobodyWith('bpf') },
  { title: '+ CAP_PERFMON', prefix: nobodyWith('bpf', 'perfmon') },
  { title: '+ CAP_NET_ADMIN', prefix: nobodyWith('bpf', 'perfmon', 'net_admin') },
  { title: 'root of a user namespace', prefix: ['unshare', '-U', '-r'] },
  { title: 'the same with a BPF token', prefix: [...CONFINE, 'token'], since: '6.9' },
  { title: 'root, bpf(2) forbidden by seccomp', prefix: [...CONFINE, 'seccomp'] },
  { title: 'root, /sys empty', prefix: changed('mount -t tmpfs none /sys') },
  { title: 'root, /proc empty', prefix: changed('mount -t bpf none /sys/fs/bpf; mount -t tmpfs none /proc') },
];

/** How the whole machine is set, which only a virtual one may be: in this order, since no setting can be taken back. */
export interface Setting extends Situation {
  /** A shell command that makes it so. */
  readonly set: string;
}

const SYSCTL = '/proc/sys/kernel/unprivileged_bpf_disabled';
const LOCKDOWN = '/sys/kernel/security/lockdown';

export const SETTINGS: readonly Setting[] = [
  ...[2, 0, 1].map((value) => ({
    title: `no capability, unprivileged_bpf_disabled ${value}`,
    prefix: [...changed('mount -t bpf -o mode=777 none /sys/fs/bpf'), ...nobodyWith()],
    set: `echo ${value} > ${SYSCTL}`,
  })),
  ...['integrity', 'confidentiality'].map((level) => ({
    title: `root, lockdown ${level}`,
    prefix: changed('mount -t bpf none /sys/fs/bpf'),
    set: `echo ${level} > ${LOCKDOWN}`,
  })),
];
