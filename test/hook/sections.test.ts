import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOOKS, hookForName, hookForSection } from '../../src/hook/all.js';

// SEC(), program type, expected attach type, flags, whether libbpf attaches it by its section alone.
const SECTIONS = `
  socket                  SOCKET_FILTER           -                              -                    -
  sk_reuseport/migrate    SK_REUSEPORT            SK_REUSEPORT_SELECT_OR_MIGRATE ATTACHABLE           -
  sk_reuseport            SK_REUSEPORT            SK_REUSEPORT_SELECT            ATTACHABLE           -
  kprobe+                 KPROBE                  -                              -                    auto
  uprobe+                 KPROBE                  -                              -                    auto
  uprobe.s+               KPROBE                  -                              SLEEPABLE            auto
  kretprobe+              KPROBE                  -                              -                    auto
  uretprobe+              KPROBE                  -                              -                    auto
  uretprobe.s+            KPROBE                  -                              SLEEPABLE            auto
  kprobe.multi+           KPROBE                  TRACE_KPROBE_MULTI             -                    auto
  kretprobe.multi+        KPROBE                  TRACE_KPROBE_MULTI             -                    auto
  kprobe.session+         KPROBE                  TRACE_KPROBE_SESSION           -                    auto
  uprobe.multi+           KPROBE                  TRACE_UPROBE_MULTI             -                    auto
  uretprobe.multi+        KPROBE                  TRACE_UPROBE_MULTI             -                    auto
  uprobe.session+         KPROBE                  TRACE_UPROBE_SESSION           -                    auto
  uprobe.multi.s+         KPROBE                  TRACE_UPROBE_MULTI             SLEEPABLE            auto
  uretprobe.multi.s+      KPROBE                  TRACE_UPROBE_MULTI             SLEEPABLE            auto
  uprobe.session.s+       KPROBE                  TRACE_UPROBE_SESSION           SLEEPABLE            auto
  ksyscall+               KPROBE                  -                              -                    auto
  kretsyscall+            KPROBE                  -                              -                    auto
  usdt+                   KPROBE                  -                              USDT                 auto
  usdt.s+                 KPROBE                  -                              USDT+SLEEPABLE       auto
  tc/ingress              SCHED_CLS               TCX_INGRESS                    -                    -
  tc/egress               SCHED_CLS               TCX_EGRESS                     -                    -
  tcx/ingress             SCHED_CLS               TCX_INGRESS                    -                    -
  tcx/egress              SCHED_CLS               TCX_EGRESS                     -                    -
  tc                      SCHED_CLS               -                              -                    -
  classifier              SCHED_CLS               -                              -                    -
  action                  SCHED_ACT               -                              -                    -
  netkit/primary          SCHED_CLS               NETKIT_PRIMARY                 -                    -
  netkit/peer             SCHED_CLS               NETKIT_PEER                    -                    -
  tracepoint+             TRACEPOINT              -                              -                    auto
  tp+                     TRACEPOINT              -                              -                    auto
  tracepoint.s+           TRACEPOINT              -                              SLEEPABLE            auto
  tp.s+                   TRACEPOINT              -                              SLEEPABLE            auto
  raw_tracepoint+         RAW_TRACEPOINT          -                              -                    auto
  raw_tp+                 RAW_TRACEPOINT          -                              -                    auto
  raw_tracepoint.s+       RAW_TRACEPOINT          -                              SLEEPABLE            auto
  raw_tp.s+               RAW_TRACEPOINT          -                              SLEEPABLE            auto
  raw_tracepoint.w+       RAW_TRACEPOINT_WRITABLE -                              -                    auto
  raw_tp.w+               RAW_TRACEPOINT_WRITABLE -                              -                    auto
  tp_btf+                 TRACING                 TRACE_RAW_TP                   ATTACH_BTF           auto
  tp_btf.s+               TRACING                 TRACE_RAW_TP                   ATTACH_BTF+SLEEPABLE auto
  fentry+                 TRACING                 TRACE_FENTRY                   ATTACH_BTF           auto
  fmod_ret+               TRACING                 MODIFY_RETURN                  ATTACH_BTF           auto
  fexit+                  TRACING                 TRACE_FEXIT                    ATTACH_BTF           auto
  fentry.s+               TRACING                 TRACE_FENTRY                   ATTACH_BTF+SLEEPABLE auto
  fmod_ret.s+             TRACING                 MODIFY_RETURN                  ATTACH_BTF+SLEEPABLE auto
  fexit.s+                TRACING                 TRACE_FEXIT                    ATTACH_BTF+SLEEPABLE auto
  fsession+               TRACING                 TRACE_FSESSION                 ATTACH_BTF           auto
  fsession.s+             TRACING                 TRACE_FSESSION                 ATTACH_BTF+SLEEPABLE auto
  fsession.multi+         TRACING                 TRACE_FSESSION_MULTI           -                    auto
  fsession.multi.s+       TRACING                 TRACE_FSESSION_MULTI           SLEEPABLE            auto
  fentry.multi+           TRACING                 TRACE_FENTRY_MULTI             -                    auto
  fexit.multi+            TRACING                 TRACE_FEXIT_MULTI              -                    auto
  fentry.multi.s+         TRACING                 TRACE_FENTRY_MULTI             SLEEPABLE            auto
  fexit.multi.s+          TRACING                 TRACE_FEXIT_MULTI              SLEEPABLE            auto
  freplace+               EXT                     -                              ATTACH_BTF           auto
  lsm+                    LSM                     LSM_MAC                        ATTACH_BTF           auto
  lsm.s+                  LSM                     LSM_MAC                        ATTACH_BTF+SLEEPABLE auto
  lsm_cgroup+             LSM                     LSM_CGROUP                     ATTACH_BTF           -
  iter+                   TRACING                 TRACE_ITER                     ATTACH_BTF           auto
  iter.s+                 TRACING                 TRACE_ITER                     ATTACH_BTF+SLEEPABLE auto
  syscall                 SYSCALL                 -                              SLEEPABLE            -
  xdp.frags/devmap        XDP                     XDP_DEVMAP                     XDP_FRAGS            -
  xdp/devmap              XDP                     XDP_DEVMAP                     ATTACHABLE           -
  xdp.frags/cpumap        XDP                     XDP_CPUMAP                     XDP_FRAGS            -
  xdp/cpumap              XDP                     XDP_CPUMAP                     ATTACHABLE           -
  xdp.frags               XDP                     XDP                            XDP_FRAGS            -
  xdp                     XDP                     XDP                            ATTACHABLE_OPT       -
  perf_event              PERF_EVENT              -                              -                    -
  lwt_in                  LWT_IN                  -                              -                    -
  lwt_out                 LWT_OUT                 -                              -                    -
  lwt_xmit                LWT_XMIT                -                              -                    -
  lwt_seg6local           LWT_SEG6LOCAL           -                              -                    -
  sockops                 SOCK_OPS                CGROUP_SOCK_OPS                ATTACHABLE_OPT       -
  sk_skb/stream_parser    SK_SKB                  SK_SKB_STREAM_PARSER           ATTACHABLE_OPT       -
  sk_skb/stream_verdict   SK_SKB                  SK_SKB_STREAM_VERDICT          ATTACHABLE_OPT       -
  sk_skb/verdict          SK_SKB                  SK_SKB_VERDICT                 ATTACHABLE_OPT       -
  sk_skb                  SK_SKB                  -                              -                    -
  sk_msg                  SK_MSG                  SK_MSG_VERDICT                 ATTACHABLE_OPT       -
  lirc_mode2              LIRC_MODE2              LIRC_MODE2                     ATTACHABLE_OPT       -
  flow_dissector          FLOW_DISSECTOR          FLOW_DISSECTOR                 ATTACHABLE_OPT       -
  cgroup_skb/ingress      CGROUP_SKB              CGROUP_INET_INGRESS            ATTACHABLE_OPT       -
  cgroup_skb/egress       CGROUP_SKB              CGROUP_INET_EGRESS             ATTACHABLE_OPT       -
  cgroup/skb              CGROUP_SKB              -                              -                    -
  cgroup/sock_create      CGROUP_SOCK             CGROUP_INET_SOCK_CREATE        ATTACHABLE           -
  cgroup/sock_release     CGROUP_SOCK             CGROUP_INET_SOCK_RELEASE       ATTACHABLE           -
  cgroup/sock             CGROUP_SOCK             CGROUP_INET_SOCK_CREATE        ATTACHABLE_OPT       -
  cgroup/post_bind4       CGROUP_SOCK             CGROUP_INET4_POST_BIND         ATTACHABLE           -
  cgroup/post_bind6       CGROUP_SOCK             CGROUP_INET6_POST_BIND         ATTACHABLE           -
  cgroup/bind4            CGROUP_SOCK_ADDR        CGROUP_INET4_BIND              ATTACHABLE           -
  cgroup/bind6            CGROUP_SOCK_ADDR        CGROUP_INET6_BIND              ATTACHABLE           -
  cgroup/connect4         CGROUP_SOCK_ADDR        CGROUP_INET4_CONNECT           ATTACHABLE           -
  cgroup/connect6         CGROUP_SOCK_ADDR        CGROUP_INET6_CONNECT           ATTACHABLE           -
  cgroup/connect_unix     CGROUP_SOCK_ADDR        CGROUP_UNIX_CONNECT            ATTACHABLE           -
  cgroup/sendmsg4         CGROUP_SOCK_ADDR        CGROUP_UDP4_SENDMSG            ATTACHABLE           -
  cgroup/sendmsg6         CGROUP_SOCK_ADDR        CGROUP_UDP6_SENDMSG            ATTACHABLE           -
  cgroup/sendmsg_unix     CGROUP_SOCK_ADDR        CGROUP_UNIX_SENDMSG            ATTACHABLE           -
  cgroup/recvmsg4         CGROUP_SOCK_ADDR        CGROUP_UDP4_RECVMSG            ATTACHABLE           -
  cgroup/recvmsg6         CGROUP_SOCK_ADDR        CGROUP_UDP6_RECVMSG            ATTACHABLE           -
  cgroup/recvmsg_unix     CGROUP_SOCK_ADDR        CGROUP_UNIX_RECVMSG            ATTACHABLE           -
  cgroup/getpeername4     CGROUP_SOCK_ADDR        CGROUP_INET4_GETPEERNAME       ATTACHABLE           -
  cgroup/getpeername6     CGROUP_SOCK_ADDR        CGROUP_INET6_GETPEERNAME       ATTACHABLE           -
  cgroup/getpeername_unix CGROUP_SOCK_ADDR        CGROUP_UNIX_GETPEERNAME        ATTACHABLE           -
  cgroup/getsockname4     CGROUP_SOCK_ADDR        CGROUP_INET4_GETSOCKNAME       ATTACHABLE           -
  cgroup/getsockname6     CGROUP_SOCK_ADDR        CGROUP_INET6_GETSOCKNAME       ATTACHABLE           -
  cgroup/getsockname_unix CGROUP_SOCK_ADDR        CGROUP_UNIX_GETSOCKNAME        ATTACHABLE           -
  cgroup/sysctl           CGROUP_SYSCTL           CGROUP_SYSCTL                  ATTACHABLE           -
  cgroup/getsockopt       CGROUP_SOCKOPT          CGROUP_GETSOCKOPT              ATTACHABLE           -
  cgroup/setsockopt       CGROUP_SOCKOPT          CGROUP_SETSOCKOPT              ATTACHABLE           -
  cgroup/dev              CGROUP_DEVICE           CGROUP_DEVICE                  ATTACHABLE_OPT       -
  struct_ops+             STRUCT_OPS              -                              -                    -
  struct_ops.s+           STRUCT_OPS              -                              SLEEPABLE            -
  sk_lookup               SK_LOOKUP               SK_LOOKUP                      ATTACHABLE           -
  netfilter               NETFILTER               NETFILTER                      -                    -
`;

const rows = SECTIONS.trim()
  .split('\n')
  .map((line) => line.trim().split(/ +/) as [string, string, string, string, string]);

test('every section that libbpf knows gives the program type, attach type and flags that libbpf gives', () => {
  assert.equal(rows.length, 116);
  for (const [name, program, attach, flags, auto] of rows) {
    const found = hookForSection(name.replace('+', ''));
    assert.ok(found, `${name} is known`);
    assert.equal(found.section.name, name);
    assert.deepEqual(
      [found.hook.program, found.section.attach ?? '-', found.section.flags?.join('+') ?? '-', found.hook.autoAttach ? 'auto' : '-'],
      [program, attach, flags, auto],
      name,
    );
  }
});

test('the hooks have these sections and no others', () => {
  const names = HOOKS.flatMap((hook) => hook.sections.map((section) => section.name));
  assert.deepEqual(names.toSorted(), rows.map(([name]) => name).toSorted());
});

test('a section that takes a target is matched up to its first slash and the rest is the target', () => {
  for (const [name] of rows) {
    const found = hookForSection(`${name.replace('+', '')}/a/b:c+0x10`);
    if (name.endsWith('+')) assert.equal(found?.extra, 'a/b:c+0x10', name);
    else assert.notEqual(found?.section.name, name, `${name} takes no target`);
  }
});

test('an empty target is a target, a bare section has none', () => {
  assert.equal(hookForSection('kprobe/')?.extra, '');
  assert.equal(hookForSection('kprobe')?.extra, undefined);
  assert.equal(hookForSection('xdp')?.extra, undefined);
});

test('a question mark before a section makes its programs optional', () => {
  assert.equal(hookForSection('?fentry/do_exit')?.optional, true);
  assert.equal(hookForSection('?fentry/do_exit')?.extra, 'do_exit');
  assert.equal(hookForSection('fentry/do_exit')?.optional, false);
  assert.equal(hookForSection('??xdp'), undefined);
});

test('names that only begin like a section, or that hold the plus of the table, are unknown', () => {
  for (const name of [
    '',
    'xdpfoo',
    'xdp/',
    'kprobes/x',
    'kprobe+',
    'kprobe+/x',
    'tcx',
    'cgroup/',
    'cgroup/nothing',
    'XDP',
    'tc/ingress/x',
    '/xdp',
  ]) {
    assert.equal(hookForSection(name), undefined, name);
  }
});

test('a hook has a name of its own and says since which kernel it exists', () => {
  assert.equal(new Set(HOOKS.map((hook) => hook.name)).size, HOOKS.length);
  for (const hook of HOOKS) assert.match(hook.since, /^\d+\.\d+$/, hook.name);
});

test('a hook is also found by an attach type that needs no further target', () => {
  assert.equal(hookForName('tcx_ingress')?.section.name, 'tcx/ingress');
  assert.equal(hookForName('cgroup_inet_egress')?.section.name, 'cgroup_skb/egress');
  assert.equal(hookForName('cgroup_inet_sock_create')?.section.name, 'cgroup/sock_create');
  assert.equal(hookForName('xdp')?.section.name, 'xdp');
  assert.equal(hookForName('trace_fentry'), undefined);
});
