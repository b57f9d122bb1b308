// Faults that something was wrong with once, for the part of the faults that runs with all tests.
import { type Case, titleOf } from './case.js';
import type { Target } from './choose.js';
import type { Effect } from './strace.js';

interface Mended {
  /** The case, and the call in it, without numbers. */
  readonly title: string;
  readonly what: RegExp;
  readonly effects: readonly Effect[];
  /** What came of it. */
  readonly was: string;
}

const fails = (...errors: string[]): Effect[] => errors.map((error) => ({ error }));

export const MENDED: readonly Mended[] = [
  { title: 'map update', what: /^bpf\(BPF_MAP_UPDATE_ELEM/, effects: fails('EINTR'), was: 'it failed, where asking again was enough' },
  { title: 'map update', what: /^close\(#<anon_inode:bpf-map>/, effects: fails('ENOMEM'), was: 'it failed though the element was written' },
  { title: 'batch', what: /^close\(.*folder\/commands>/, effects: fails('EPERM'), was: 'it failed though all its commands were done' },
  {
    title: 'map dump',
    what: /^bpf\(BPF_MAP_LOOKUP_BATCH/,
    effects: fails('EINTR', 'EBUSY'),
    was: 'it showed elements that nobody had given',
  },
  { title: 'map event_pipe', what: /^write\(#<socket:\[#\]>\)$/, effects: fails('EPERM'), was: 'Node ended with a stack' },
  { title: 'net show', what: /^sendto/, effects: fails('EINTR'), was: 'it failed, where asking again was enough' },
  { title: 'net show', what: /^close\(.*mounts>/, effects: fails('EPERM'), was: 'Node ended with a stack' },
  { title: 'net attach, xdp', what: /^recvfrom/, effects: fails('EPERM', 'EINTR'), was: 'it failed though the program was attached' },
  { title: 'link attach', what: /^socket\(/, effects: fails('EPERM'), was: 'it failed though the link was pinned' },
  {
    title: 'prog dump, xlated into a file',
    what: /^close\(.*folder\//,
    effects: fails('EPERM', 'ENOSPC'),
    was: 'the half-written file was left',
  },
];

/** Effects on a call of a case that there was something wrong with. */
export function mended(each: Case, { call }: Target): Effect[] {
  return MENDED.filter(({ title, what }) => title === titleOf(each) && what.test(call.what)).flatMap(({ effects }) => effects);
}
