import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf } from '../../commands/link/kinds.js';
import type { LinkTarget } from '../../src/link/info.js';
import type { ListedLink } from '../../src/link/listing.js';

function read(target: LinkTarget, more: Partial<ListedLink> = {}): { json: unknown; plain: string } {
  const link: ListedLink = { id: 1, type: 0, progId: 2, typeName: target.type, target, ...more };
  return { json: kindOf(link).json(target, link), plain: kindOf(link).plain(target, link) };
}

test('a tracing link names its program type, and its target only when it has one', () => {
  const target = { type: 'tracing', attachType: 24, targetObjId: 1, targetBtfId: 900, cookie: 0n } as const;
  assert.deepEqual(read(target, { progType: 26 }), {
    json: { prog_type: 'tracing', attach_type: 'trace_fentry', target_obj_id: 1, target_btf_id: 900, cookie: 0n },
    plain: '\n\tprog_type tracing  attach_type trace_fentry  \n\ttarget_obj_id 1  target_btf_id 900  ',
  });
  assert.equal(
    read({ ...target, targetObjId: 0, targetBtfId: 0, cookie: 5n }, { progType: 99 }).plain,
    '\n\tprog_type 99  attach_type trace_fentry  \n\tcookie 5  ',
  );
});

test('an iterator tells what it is limited to, by its kind', () => {
  const none = { type: 'iter', mapId: 0, tid: 0, pid: 0, cgroupId: 0n, order: 0 } as const;
  assert.deepEqual(read({ ...none, targetName: 'bpf_map_elem', mapId: 9 }), {
    json: { target_name: 'bpf_map_elem', map_id: 9 },
    plain: 'target_name bpf_map_elem  map_id 9  ',
  });
  assert.equal(read({ ...none, targetName: 'task_file', pid: 7 }).plain, 'target_name task_file  pid 7 ');
  assert.equal(read({ ...none, targetName: 'task', tid: 8, pid: 7 }).plain, 'target_name task  tid 8 ');
  assert.deepEqual(read({ ...none, targetName: 'cgroup', cgroupId: 1n << 60n, order: 2 }).json, {
    target_name: 'cgroup',
    cgroup_id: 1n << 60n,
    order: 'descendants_pre',
  });
  assert.deepEqual(read({ ...none, targetName: 'bpf_map' }).json, { target_name: 'bpf_map' });
});

test('a link whose interface is gone says so', () => {
  assert.deepEqual(read({ type: 'xdp', ifindex: 0 }), { json: { devname: '(detached)', ifindex: 0 }, plain: '\n\tifindex (detached)  ' });
  assert.deepEqual(read({ type: 'tcx', ifindex: 0, attachType: 46 }), {
    json: { devname: '(detached)', ifindex: 0, attach_type: 'tcx_ingress' },
    plain: '\n\tifindex (detached)  attach_type tcx_ingress  ',
  });
});

test('an attach type that is newer than this release is a number', () => {
  assert.deepEqual(read({ type: 'cgroup', cgroupId: 3n, attachType: 999 }), {
    json: { cgroup_id: 3n, attach_type: 999 },
    plain: '\n\tcgroup_id 3  attach_type 999  ',
  });
});

test('netfilter links name family and hook where they have names', () => {
  const target = { type: 'netfilter', pf: 2, hook: 1, priority: -128, flags: 1 } as const;
  assert.deepEqual(read(target), { json: { pf: 2, hook: 1, prio: -128, flags: 1 }, plain: '\n\tip input prio -128 flags 0x1' });
  assert.equal(read({ ...target, pf: 99, hook: 7, flags: 0 }).plain, '\n\tpf: 99, hook 7, prio -128');
  assert.equal(read({ ...target, pf: 3, hook: 1, flags: 0 }).plain, '\n\tarp output prio -128');
});

test('the functions of a kprobe_multi link are sorted by address and named by their symbols', () => {
  const functions = [
    { address: 0xffffffff81000010n, cookie: 2n },
    { address: 0xffffffff81000000n, cookie: 1n },
  ];
  const names = new Map([[0xffffffff81000000n, { name: 'f', module: 'm' }]]);
  const { json, plain } = read({ type: 'kprobe_multi', retprobe: true, missed: 3n, functions }, { functions: names });
  assert.deepEqual(json, {
    retprobe: true,
    func_cnt: 2,
    missed: 3n,
    funcs: [
      { addr: 0xffffffff81000000n, func: 'f', module: 'm', cookie: 1n },
      { addr: 0xffffffff81000010n, func: null, module: null, cookie: 2n },
    ],
  });
  assert.equal(
    plain,
    '\n\tkretprobe.multi  func_cnt 2  missed 3  ' +
      '\n\taddr             cookie           func [module]' +
      '\n\tffffffff81000000 1                f [m]  ' +
      '\n\tffffffff81000010 2                  ',
  );
});

test('the places of a uprobe_multi link stand below each other', () => {
  const { plain } = read({
    type: 'uprobe_multi',
    retprobe: false,
    path: '/bin/x',
    pid: 5,
    places: [{ offset: 0x1234n, refCtrOffset: 0n, cookie: 7n }],
  });
  assert.equal(
    plain,
    '\n\tuprobe.multi  path /bin/x  func_cnt 1  pid 5  ' +
      '\n\toffset             ref_ctr_offset     cookies         ' +
      '\n\t0x1234             0x0                0x7               ',
  );
});

test('perf events are told by what they count', () => {
  const event = (target: Extract<LinkTarget, { type: 'perf_event' }>['event']) => read({ type: 'perf_event', event: target });
  assert.deepEqual(event({ kind: 'event', type: 1, config: 0n, cookie: 0n }), {
    json: { event_type: 'software', event_config: 'cpu-clock', cookie: 0n },
    plain: '\n\tevent software:cpu-clock  ',
  });
  assert.equal(event({ kind: 'event', type: 3, config: 0x10002n, cookie: 4n }).plain, '\n\tevent hw-cache:LLC-load-misses  cookie 4  ');
  assert.equal(event({ kind: 'event', type: 40, config: 9n, cookie: 0n }).plain, '\n\tevent 40 :9  ');
  assert.equal(event({ kind: 'tracepoint', name: 'sched_switch', cookie: 0n }).plain, '\n\ttracepoint sched_switch  ');
  assert.equal(
    event({ kind: 'kretprobe', address: 255n, func: 'do_exit', offset: 16, missed: 2n, cookie: 3n }).plain,
    '\n\tkretprobe ff do_exit+0x10  missed 2  cookie 3  ',
  );
  assert.equal(
    event({ kind: 'uprobe', file: '/bin/sh', offset: 0, cookie: 0n, refCtrOffset: 64n }).plain,
    '\n\tuprobe /bin/sh+0  ref_ctr_offset 0x40  ',
  );
  assert.deepEqual(event({ kind: 'unknown' }), { json: {}, plain: '' });
});
