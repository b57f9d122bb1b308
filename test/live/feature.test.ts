import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { helperId, helperSince } from '../../src/kernel/helpers.js';
import { MAP_TYPES } from '../../src/kernel/map-types.js';
import { PROG_TYPES } from '../../src/kernel/prog-types.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { LAUNCHER } from '../support/bundle.js';
import { capture } from '../support/capture.js';
import { noRoot } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';

type Section = Record<string, unknown>;
type Report = Record<'system_config' | 'syscall_config' | 'program_types' | 'map_types' | 'helpers' | 'misc', Section>;

async function probed(...words: string[]): Promise<Report> {
  const { status, out, err } = await capture(['-j', 'feature', 'probe', ...words]);
  assert.equal(status, 0, err || out);
  return JSON.parse(out) as Report;
}

test('nothing is there that the kernel is too old for', { skip: noRoot }, async () => {
  const report = await probed();
  for (const type of PROG_TYPES)
    if (type && isOlderThan(type.since)) assert.equal(report.program_types[`have_${type.name}_prog_type`], false, type.name);
  for (const type of MAP_TYPES)
    if (type && isOlderThan(type.since)) assert.equal(report.map_types[`have_${type.name}_map_type`], false, type.name);
  for (const name of new Set(Object.values(report.helpers).flat() as string[])) {
    const since = helperSince(helperId(name)!);
    assert.ok(!isOlderThan(since), `${name} is there before ${since}`);
  }
  if (!isOlderThan('6.6')) assert.equal(report.misc.have_v4_isa_extension, true);
  assert.equal(report.misc.have_bounded_loops, true);
});

test('what every kernel with BPF has is there', { skip: noRoot }, async () => {
  const report = await probed();
  assert.deepEqual(report.syscall_config, { have_bpf_syscall: true });
  for (const name of ['socket_filter', 'xdp', 'tracing', 'struct_ops'])
    assert.equal(report.program_types[`have_${name}_prog_type`], true, name);
  for (const name of ['hash', 'percpu_array', 'lpm_trie', 'hash_of_maps', 'sk_storage', 'ringbuf', 'struct_ops'])
    assert.equal(report.map_types[`have_${name}_map_type`], true, name);
  const xdp = report.helpers.xdp_available_helpers as string[];
  assert.ok(xdp.includes('bpf_xdp_adjust_head') && !xdp.includes('bpf_skb_store_bytes') && !xdp.includes('bpf_trace_printk'));
});

test('helpers that write to the kernel log are asked for only on demand', { skip: noRoot }, async () => {
  const { helpers } = await probed('full');
  assert.ok((helpers.xdp_available_helpers as string[]).includes('bpf_trace_printk'));
});

test('a driver that offloads nothing has none of what can be offloaded', { skip: noRoot }, async () => {
  const report = await probed('dev', 'lo');
  assert.deepEqual(report.program_types, { have_sched_cls_prog_type: false, have_xdp_prog_type: false });
  assert.deepEqual(report.map_types, { have_hash_map_type: false, have_array_map_type: false });
  assert.equal(report.system_config, undefined);
});

test('a user without capabilities may use nothing where unprivileged BPF is disabled', { skip: noRoot }, async () => {
  if ((await probed()).system_config.unprivileged_bpf_disabled === 0) return;
  // In a process of its own: what it gives up does not come back.
  const { stdout } = spawnSync(process.execPath, [LAUNCHER, '-j', 'feature', 'probe', 'unprivileged'], { encoding: 'utf8' });
  const report = JSON.parse(stdout) as Report;
  assert.ok(!Object.values({ ...report.program_types, ...report.map_types, ...report.misc }).includes(true));
  assert.deepEqual(Object.values(report.helpers).flat(), []);
});

// What the reference gets wrong: it asks for fentry alone, which some kernels refuse, and for struct_ops maps with a field that is newer than they are.
const FAULTS = ['have_tracing_prog_type', 'have_struct_ops_map_type'];
// Older ones misread what newer kernels say of a helper.
const READS_HELPERS = 705;

test('a report holds what the reference finds', { skip: noRoot || noReference }, async () => {
  const ours = await probed();
  const theirs = JSON.parse(runReference(['-j', 'feature', 'probe']).out) as Report;
  for (const section of ['system_config', 'syscall_config', 'program_types', 'map_types', 'misc'] as const) {
    for (const [name, value] of Object.entries(theirs[section])) {
      if (!FAULTS.includes(name) && name in ours[section]) assert.deepEqual(ours[section][name], value, name);
    }
  }
  if (referenceVersion >= READS_HELPERS) assert.deepEqual(ours.helpers, theirs.helpers);
});

test("a report in plain text is the reference's, byte for byte", { skip: noRoot || noReference }, async (t) => {
  if (referenceVersion < 708) return t.skip('needs bpftool 7.8');
  for (const words of [[], ['full', 'macros', 'prefix', 'P_'], ['dev', 'lo'], ['dev', 'lo', 'macros']]) {
    const ours = await capture(['feature', 'probe', ...words]);
    const wrong = /tracing|Program type not supported|Could not determine|STRUCT_OPS_MAP|struct_ops is/i;
    const lines = (text: string) => text.split('\n').filter((line) => !wrong.test(line));
    assert.deepEqual(lines(ours.out), lines(runReference(['feature', 'probe', ...words]).out));
  }
});

for (const group of ['prog_types', 'map_types', 'attach_types', 'link_types', 'helpers']) {
  test(`list_builtins ${group} begins with what the reference lists`, { skip: noReference }, async () => {
    const ours = (await capture(['feature', 'list_builtins', group])).out;
    assert.ok(ours.startsWith(runReference(['feature', 'list_builtins', group]).out));
  });
}

test('a terminal gets a table with the kernel that each feature came with', { skip: noRoot }, async () => {
  const { out } = await capture(['feature', 'probe', '--no-color'], true);
  assert.match(out, /^netfilter +6\.4 /m);
  assert.match(out, /^bpf_xdp_adjust_head +4\.10 +xdp$/m);
});

test('words that make no sense are refused', async () => {
  for (const words of [
    ['probe', 'kernel', 'dev', 'lo'],
    ['probe', 'prefix', 'X'],
    ['probe', 'what'],
    ['probe', 'dev'],
    ['list_builtins'],
  ]) {
    const { status, err } = await capture(['feature', ...words]);
    assert.equal(status, 255, words.join(' '));
    assert.match(err, /^Error: .*\nUsage: bpf-ts feature /);
  }
});
