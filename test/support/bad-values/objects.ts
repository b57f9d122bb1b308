import type { BpfMap } from '../../../src/map/map.js';
import type { Around } from './around.js';
import { alsoSaying, id, NO_FILE, number, pinned, type Values } from './kinds.js';

/** Values that name an object of the kernel, a cgroup or an interface */
export function objectValues(around: Around): Readonly<Record<string, Values>> {
  const program: Values = {
    good: ['id', String(around.commands.programs[0]!.program.id)],
    bad: [
      ...id(/no program with id 4294967295/),
      ...pinned,
      [['name', 'no\u001b[2Jsuch'], /no program named 'no\\e\[2Jsuch'/],
      [['tag', 'xyz'], /a tag has 16 hex digits/],
      [['tag', '0000000000000000'], /no program with tag 0000000000000000/],
    ],
  };
  const map = (good: BpfMap): Values => ({
    good: ['id', String(good.id)],
    bad: [...id(/no map with id 4294967295/), ...pinned, [['name', 'nosuch'], /no map named 'nosuch'/]],
  });
  const link: Values = { good: ['id', String(around.link.info.id)], bad: [...id(/no link with id 4294967295/), ...pinned] };
  const cgroup: Values = {
    good: [around.cgroup.path],
    bad: [
      [['/nonexistent/cgroup'], NO_FILE],
      [['/etc/hostname'], /hostname/],
      [['/tmp'], /cgroup/],
    ],
  };
  const device: Values = {
    good: ['lo'],
    bad: [
      [['nosuch'], /nosuch/],
      [['a'.repeat(300)], /aaa/],
      [[''], /./],
    ],
  };
  return {
    PROG: program,
    MAP: map(around.hash),
    'map peek MAP': map(around.peeked),
    'map push MAP': map(around.queue),
    'map pop MAP': map(around.queue),
    LINK: link,
    STRUCT_OPS_MAP: { good: ['name', 'nosuch'], bad: [...id(/4294967295/), [['name', 'nosuch'], /no struct_ops map named 'nosuch'/]] },
    CGROUP: cgroup,
    CGROUP_ROOT: cgroup,
    'graph CGROUP': alsoSaying(cgroup, 'nothing of BPF'),
    'map lookup MAP': map(around.dump.map('totals')!),
    SOURCE: {
      good: ['id', String(around.hash.id)],
      bad: [...map(around.hash).bad, [['file', '/nonexistent/file'], NO_FILE], [['file', around.path('text')], /text/]],
    },
    'map delete MAP': map(around.dump.map('totals')!),
    'map set MAP': map(around.dump.map('totals')!),
    'prog load MAP': map(around.dump.map('totals')!),
    'prog loadall MAP': map(around.dump.map('totals')!),
    'offload_dev NAME': device,
    'xdpmeta_dev NAME': device,
    // Before 5.11 the kernel's own types have no id.
    'btf dump id N': { good: [String(around.dump.programs[0]!.program.info.btfId)], bad: number('4294967296') },
    'btf dump MAP': map(around.dump.map('totals')!),
    'btf show MAP': map(around.dump.map('totals')!),
    'dev NAME': device,
  };
}
