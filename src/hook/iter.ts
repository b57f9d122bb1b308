import { type Hook, newer, required, type Target } from './hook.js';

const BPF_CGROUP_ITER_DESCENDANTS_PRE = 2;
// They go over the elements of one map.
const OF_A_MAP = ['bpf_map_elem', 'bpf_sk_storage_map'];

/** Runs once for each object of a kind (tasks, maps, sockets) when its file is read: `iter/KIND`. */
export const iter: Hook = {
  name: 'iter',
  program: 'TRACING',
  link: 'ITER',
  target: 'iterator',
  since: '5.8',
  words: ['map', 'pid', 'cgroup', 'order'],
  autoAttach: true,
  sections: [
    { name: 'iter+', attach: 'TRACE_ITER', flags: ['ATTACH_BTF'] },
    { name: 'iter.s+', attach: 'TRACE_ITER', flags: ['ATTACH_BTF', 'SLEEPABLE'] },
  ],
  request: (target) => {
    if (OF_A_MAP.includes(target.name ?? '')) required(target.mapFd, 'a map: map MAP');
    const info = linkInfo(target);
    return {
      via: 'link_create',
      attach: target.section.attach,
      fields: { iter_info: info, iter_info_len: info?.length },
      ...newer(target.pid ?? target.cgroupFd, '6.1'),
    };
  },
};

// union bpf_iter_link_info: { map_fd } or { order, cgroup_fd, cgroup_id } or { tid, pid, pid_fd }
function linkInfo({ mapFd, cgroupFd, order = BPF_CGROUP_ITER_DESCENDANTS_PRE, pid }: Target): Uint8Array | undefined {
  const info = new Uint32Array(4);
  if (mapFd !== undefined) info[0] = mapFd;
  else if (cgroupFd !== undefined) info.set([order, cgroupFd]);
  else if (pid !== undefined) info[1] = pid;
  else return undefined;
  return new Uint8Array(info.buffer);
}
