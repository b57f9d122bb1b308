import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.js';
import { HOOKS, hookForSection } from '../../src/hook/all.js';
import type { Request, Target } from '../../src/hook/hook.js';

function ask(name: string, target: Omit<Target, 'section'> = {}): Request {
  const found = hookForSection(name)!;
  return found.hook.request!({ section: found.section, ...target });
}

test('tcx asks for a link on an interface', () => {
  assert.deepEqual(ask('tcx/ingress', { ifindex: 3 }), { via: 'link_create', attach: 'TCX_INGRESS', fields: { target_ifindex: 3 } });
});

test('a program can be put before or after another program or link, or at either end of the list', () => {
  const fields = (anchor: Target['anchor']) => {
    const request = ask('tcx/egress', { ifindex: 3, ...(anchor && { anchor }) });
    return request.via === 'link_create' ? request.fields : undefined;
  };
  assert.deepEqual(fields({ side: 'before' }), { target_ifindex: 3, flags: 8 });
  assert.deepEqual(fields({ side: 'after' }), { target_ifindex: 3, flags: 16 });
  assert.deepEqual(fields({ side: 'before', of: { kind: 'program', id: 7 } }), { target_ifindex: 3, flags: 8 | 32, 'tcx.relative_id': 7 });
  assert.deepEqual(fields({ side: 'after', of: { kind: 'link', id: 9 } }), {
    target_ifindex: 3,
    flags: 16 | 32 | 0x2000,
    'tcx.relative_id': 9,
  });
});

test('xdp attaches with a link in the mode that is asked for, or over netlink without taking the place of another', () => {
  assert.deepEqual(ask('xdp', { ifindex: 2 }), { via: 'link_create', attach: 'XDP', fields: { target_ifindex: 2, flags: 0 } });
  assert.deepEqual(ask('xdp.frags', { ifindex: 2, mode: 'generic' }), {
    via: 'link_create',
    attach: 'XDP',
    fields: { target_ifindex: 2, flags: 2 },
  });
  assert.deepEqual(ask('xdp', { ifindex: 2, mode: 'driver', netlink: true }), { via: 'netlink_xdp', ifindex: 2, flags: 4 | 1 });
});

test('a tc section is a filter at the ingress unless egress is said', () => {
  assert.deepEqual(ask('tc', { ifindex: 2 }), { via: 'netlink_tc', ifindex: 2, egress: false, priority: 0, handle: 0 });
  assert.deepEqual(ask('classifier', { ifindex: 2, egress: true, priority: 5 }), {
    via: 'netlink_tc',
    ifindex: 2,
    egress: true,
    priority: 5,
    handle: 0,
  });
});

test('every hook of cgroups asks for a link on the cgroup with its own attach type', () => {
  for (const [section, attach] of [
    ['cgroup_skb/egress', 'CGROUP_INET_EGRESS'],
    ['cgroup/skb', 'CGROUP_INET_INGRESS'],
    ['cgroup/sock', 'CGROUP_INET_SOCK_CREATE'],
    ['cgroup/connect_unix', 'CGROUP_UNIX_CONNECT'],
    ['cgroup/dev', 'CGROUP_DEVICE'],
    ['sockops', 'CGROUP_SOCK_OPS'],
    ['lsm_cgroup/socket_bind', 'LSM_CGROUP'],
  ] as const) {
    assert.deepEqual(ask(section, { fd: 5 }), { via: 'link_create', attach, fields: { target_fd: 5 } }, section);
  }
});

test('a tracepoint is a perf event of all processes', () => {
  assert.deepEqual(ask('tracepoint/sched/sched_switch', { tracepointId: 372, cookie: 9n }), {
    via: 'perf_event',
    event: { type: 2, config: 372 },
    pid: -1,
    cpu: 0,
    cookie: 9n,
    since: '5.15',
  });
});

test('raw tracepoints are opened by name, programs with a BTF target by a link or, on older kernels, without a name', () => {
  assert.deepEqual(ask('raw_tp/sys_enter', { name: 'sys_enter' }), { via: 'raw_tracepoint_open', name: 'sys_enter', cookie: undefined });
  assert.deepEqual(ask('tp_btf/sys_enter'), {
    via: 'link_create',
    attach: 'TRACE_RAW_TP',
    fields: { 'tracing.cookie': undefined },
    otherwise: { via: 'raw_tracepoint_open', name: undefined },
  });
  assert.deepEqual(ask('fentry/do_exit', { cookie: 1n }), {
    via: 'link_create',
    attach: 'TRACE_FENTRY',
    fields: { 'tracing.cookie': 1n },
    since: '5.18',
  });
});

test('an iterator may be limited to a map, a process or a part of the cgroup tree', () => {
  const info = (target: Omit<Target, 'section'>) => {
    const request = ask('iter/x', target);
    const bytes = request.via === 'link_create' ? request.fields.iter_info : undefined;
    return bytes && [...new Uint32Array((bytes as Uint8Array).buffer)];
  };
  assert.equal(info({}), undefined);
  assert.deepEqual(info({ mapFd: 11 }), [11, 0, 0, 0]);
  assert.deepEqual(info({ pid: 77 }), [0, 77, 0, 0]);
  assert.deepEqual(info({ cgroupFd: 6 }), [2, 6, 0, 0]);
  assert.deepEqual(info({ cgroupFd: 6, order: 4 }), [4, 6, 0, 0]);
  assert.throws(() => info({ name: 'bpf_map_elem' }), /it needs a map/);
});

test('sockmap programs are attached without a link where links are refused', () => {
  const fields = { target_fd: 4 };
  assert.deepEqual(ask('sk_msg', { fd: 4 }), {
    via: 'link_create',
    attach: 'SK_MSG_VERDICT',
    fields,
    otherwise: { via: 'prog_attach', attach: 'SK_MSG_VERDICT', fields },
  });
});

test('a uprobe is asked for by file and offset, and many of them by one link', () => {
  const place = { file: '/bin/tool', offsets: [64, 128] };
  assert.deepEqual(ask('uretprobe/x', { ...place, pid: 5 }), {
    via: 'probe',
    kind: 'uprobe',
    returns: true,
    name: '/bin/tool',
    offset: 64,
    pid: 5,
    cookie: undefined,
  });
  const request = ask('uretprobe.multi/x', { ...place, cookie: 9n });
  assert.ok(request.via === 'link_create');
  const words = (field: string) => [...new BigUint64Array((request.fields[field] as Uint8Array).buffer)];
  assert.deepEqual(words('uprobe_multi.offsets'), [64n, 128n]);
  assert.deepEqual(words('uprobe_multi.cookies'), [9n, 9n]);
  assert.deepEqual([request.fields['uprobe_multi.cnt'], request.fields['uprobe_multi.flags']], [2, 1]);
  assert.equal(new TextDecoder().decode(request.fields['uprobe_multi.path'] as Uint8Array), '/bin/tool\0');
});

test('a kprobe is asked for by name and offset, many of them by their addresses', () => {
  const probe = { via: 'probe', kind: 'kprobe', pid: -1 } as const;
  assert.deepEqual(ask('kretprobe/x', { name: 'do_exit' }), { ...probe, returns: true, name: 'do_exit', offset: 0, cookie: undefined });
  assert.deepEqual(ask('kprobe/x', { name: 'do_exit+0x10', cookie: 1n }), {
    ...probe,
    returns: false,
    name: 'do_exit',
    offset: 16,
    cookie: 1n,
    since: '5.15',
  });
  const request = ask('kretprobe.multi/x', { functions: [0xffffffff81000000n, 0xffffffff82000000n] });
  assert.ok(request.via === 'link_create');
  assert.deepEqual(
    [request.attach, request.fields['kprobe_multi.cnt'], request.fields['kprobe_multi.flags']],
    ['TRACE_KPROBE_MULTI', 2, 1],
  );
  const addresses = new BigUint64Array((request.fields['kprobe_multi.addrs'] as Uint8Array).buffer);
  assert.deepEqual([...addresses], [0xffffffff81000000n, 0xffffffff82000000n]);
});

test('fentry on many functions is asked for by the ids of their types', () => {
  const request = ask('fexit.multi/x', { functionIds: [17, 40] });
  assert.ok(request.via === 'link_create');
  assert.deepEqual([request.attach, request.fields['tracing_multi.cnt']], ['TRACE_FEXIT_MULTI', 2]);
  assert.deepEqual([...new Uint32Array((request.fields['tracing_multi.ids'] as Uint8Array).buffer)], [17, 40]);
});

test('a static probe is one link over all its places, or a uprobe for each', () => {
  const places = [
    { offset: 16, semaphore: undefined, spec: 0 },
    { offset: 32, semaphore: 4096, spec: 3 },
  ];
  const request = ask('usdt/x', { file: '/bin/tool', places });
  assert.ok(request.via === 'link_create' && request.otherwise?.via === 'each');
  const words = (field: string) => [...new BigUint64Array((request.fields[field] as Uint8Array).buffer)];
  assert.deepEqual(words('uprobe_multi.cookies'), [0n, 3n]);
  assert.deepEqual(words('uprobe_multi.ref_ctr_offsets'), [0n, 4096n]);
  assert.deepEqual(request.otherwise.requests[1], {
    via: 'probe',
    kind: 'uprobe',
    returns: false,
    name: '/bin/tool',
    offset: 32,
    semaphore: 4096,
    pid: -1,
    cookie: 3n,
  });
});

test('a perf event is opened for a process wherever it runs, or on every CPU', () => {
  const clock = { type: 1, config: 0, freq: 1, sample_freq: 99 };
  const event = { via: 'perf_event', event: clock, cookie: undefined } as const;
  assert.deepEqual(ask('perf_event', { pid: 7 }), { via: 'each', requests: [{ ...event, pid: 7, cpu: -1 }] });
  assert.deepEqual(ask('perf_event', { cpus: [0, 3] }), {
    via: 'each',
    requests: [
      { ...event, pid: -1, cpu: 0 },
      { ...event, pid: -1, cpu: 3 },
    ],
  });
  assert.deepEqual(ask('perf_event', { pid: 7, cpus: [2], event: { type: 1, config: 2 }, period: 1000n }), {
    via: 'each',
    requests: [{ ...event, event: { type: 1, config: 2, sample_period: 1000n }, pid: 7, cpu: 2 }],
  });
});

test('a target that a hook cannot do without is asked for in words', () => {
  for (const [section, words] of [
    ['xdp', /dev NAME/],
    ['tcx/ingress', /dev NAME/],
    ['cgroup/connect4', /cgroup PATH/],
    ['tp', /tracepoint/],
    ['raw_tp', /raw_tp\/NAME/],
    ['sk_skb', /sk_skb\/verdict/],
    ['netfilter', /family/],
  ] as const) {
    assert.throws(
      () => ask(section),
      (error) => error instanceof UsageError && words.test(error.message),
      section,
    );
  }
});

test('a hook without a call of its own says how its programs come into use', () => {
  for (const hook of HOOKS) assert.ok(hook.request || hook.use || hook.target === 'device', hook.name);
});
