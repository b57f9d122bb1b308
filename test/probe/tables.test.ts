import assert from 'node:assert/strict';
import { test } from 'node:test';
import { macrosText } from '../../commands/feature/macros.js';
import { reportText, sysctlSentence } from '../../commands/feature/text.js';
import { ProgType } from '../../src/kernel/enums.gen.js';
import { helperId, helperSince } from '../../src/kernel/helpers.js';
import { PROG_TYPES, progType } from '../../src/kernel/prog-types.js';
import { whyNot } from '../../src/probe/answer.js';
import type { FeatureReport } from '../../src/probe/report.js';

test('every program type has a row with its number, its name and its kernel', () => {
  for (const [name, number] of Object.entries(ProgType).slice(1)) {
    assert.equal(PROG_TYPES[number]?.name, name.toLowerCase());
    assert.match(PROG_TYPES[number].since, /^\d\.\d+$/);
  }
  assert.equal(progType('NETFILTER').since, '6.4');
});

test('a helper is dated by the kernel that it came with', () => {
  const dates = { map_lookup_elem: '3.19', tail_call: '4.2', xdp_adjust_head: '4.10', get_stackid: '4.6', sk_lookup_tcp: '4.20' };
  const later = { ringbuf_output: '5.8', timer_init: '5.15', get_branch_snapshot: '5.16', dynptr_data: '5.19', cgrp_storage_delete: '6.2' };
  for (const [name, since] of Object.entries({ ...dates, ...later })) assert.equal(helperSince(helperId(name)!), since, name);
});

test('what is newer than any kernel is missing because of that', () => {
  assert.match(whyNot({ since: '99.0', errno: 22 }), /^this kernel is \d+\.\d+$/);
});

test('a setting that cannot be read, or is unknown, is said to be so', () => {
  assert.equal(sysctlSentence('bpf_jit_enable', 1), 'JIT compiler is enabled');
  assert.equal(sysctlSentence('bpf_jit_enable', undefined), 'Unable to retrieve JIT-compiler status');
  assert.equal(sysctlSentence('bpf_jit_harden', 7), 'JIT hardening status has unknown value 7');
});

const since = '4.8';
const REPORT: FeatureReport = {
  system: {
    sysctls: [['bpf_jit_enable', 1]],
    options: [
      ['CONFIG_BPF', 'y'],
      ['CONFIG_HZ', '250'],
      ['CONFIG_NET', undefined],
    ],
  },
  syscall: true,
  programTypes: [
    { name: 'xdp', available: true, since, errno: 0 },
    { name: 'lsm', available: false, since, errno: 1 },
  ],
  mapTypes: [{ name: 'hash', available: true, since, errno: 0 }],
  helpers: [
    { programType: 'xdp', available: true, answers: [undefined, true, false] },
    { programType: 'lsm', available: false, answers: [undefined, false, false] },
  ],
  misc: [{ name: 'bounded_loops', title: 'Bounded loop support', available: false, since, errno: 22 }],
};

test('a report reads as the reference prints it', () => {
  assert.equal(
    reportText(REPORT),
    `Scanning system configuration...
JIT compiler is enabled
CONFIG_BPF is set to y
CONFIG_HZ is set to 250
CONFIG_NET is not set

Scanning system call availability...
bpf() syscall is available

Scanning eBPF program types...
eBPF program_type xdp is available
eBPF program_type lsm is NOT available

Scanning eBPF map types...
eBPF map_type hash is available

Scanning eBPF helper functions...
eBPF helpers supported for program type xdp:
\t- bpf_map_lookup_elem
eBPF helpers supported for program type lsm:
\tProgram type not supported

Scanning miscellaneous eBPF features...
Bounded loop support is NOT available

`,
  );
});

test('a report as macros has a line for each helper that was asked for', () => {
  const lines = macrosText(REPORT, 'MY_').split('\n');
  for (const line of [
    '#define MY_CONFIG_HZ 250',
    '#define MY_HAVE_BPF_SYSCALL',
    '#define MY_NO_HAVE_LSM_PROG_TYPE',
    '#define MY_BPF__PROG_TYPE_xdp__HELPER_bpf_map_lookup_elem 1',
    '#define MY_BPF__PROG_TYPE_lsm__HELPER_bpf_map_update_elem 0',
    '#define MY_NO_HAVE_BOUNDED_LOOPS',
  ])
    assert.ok(lines.includes(line), line);
  assert.equal(lines.filter((line) => line.includes('CONFIG_')).length, 1);
});

test('a kernel without bpf() has only that to be said of it', () => {
  const none = { ...REPORT, syscall: false };
  assert.ok(reportText(none).endsWith('bpf() syscall is NOT available\n\n'));
  assert.ok(macrosText(none, '').endsWith('#define NO_HAVE_BPF_SYSCALL\n\n'));
});
