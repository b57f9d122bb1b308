import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainLog } from '../../src/verifier/explain.js';
import { HINTS, hintFor } from '../../src/verifier/hints.js';
import { refusalText } from '../../src/verifier/refusal.js';
import { GOLDEN } from './golden.js';

const LOGS = 'test/logs';

function log(kernel: string, name: string): string {
  return readFileSync(join(LOGS, kernel, `${name}.log`), 'utf8');
}

for (const [kernel, rows] of Object.entries(GOLDEN)) {
  test(`the logs of Linux ${kernel} give reason, instruction, source and hint`, () => {
    for (const [name, hint, instruction, source, reason] of rows) {
      const explained = explainLog(log(kernel, name));
      const { file, line, text } = explained.source ?? {};
      assert.equal(explained.reason, reason, name);
      assert.equal(explained.instruction, instruction, name);
      assert.equal(file === undefined ? text : `${file}:${line}`, source, name);
      assert.equal(hintFor(reason)?.name, hint, name);
    }
  });
}

test('every golden log is in the table', () => {
  for (const kernel of readdirSync(LOGS)) {
    const names = readdirSync(join(LOGS, kernel)).map((file) => file.replace(/\.log$/, ''));
    assert.deepEqual(GOLDEN[kernel]?.map(([name]) => name).sort(), names.sort(), kernel);
  }
});

test('no two hints have one name, and none leaves a gap unfilled', () => {
  assert.equal(new Set(HINTS.map((hint) => hint.name)).size, HINTS.length);
  for (const { name, match, hint } of HINTS) {
    const groups = new RegExp(`${match.source}|`).exec('')!.length - 1;
    for (const [, group] of hint.matchAll(/\$(\d)/g)) assert.ok(Number(group) <= groups, name);
  }
});

test('what was acquired and not given back is named with its place', () => {
  const { acquired } = explainLog(log('6.18', 'reference_kept'));
  assert.equal(acquired?.instruction, 4);
  assert.match(acquired?.source?.text ?? '', /bpf_ringbuf_reserve/);
});

test('the register that the reason is on is shown as the verifier saw it', () => {
  assert.deepEqual(explainLog(log('6.18', 'packet_checked_too_short')).register, { name: 'R2', state: 'pkt(off=4,r=4)' });
  assert.deepEqual(explainLog(log('6.1', 'packet_checked_too_short')).register, { name: 'R2', state: 'pkt(off=4,r=4,imm=0)' });
});

test('the statistics at the end are read, also behind a message without a line feed', () => {
  const { processed } = explainLog(log('6.18', 'tail_call_into_array'));
  assert.deepEqual(processed, { insns: 3, limit: 1_000_000, maxStatesPerInsn: 0, totalStates: 0, peakStates: 0 });
  assert.deepEqual(explainLog('R0 !read_ok\nprocessed 1 insns (limit 131072), stack depth 0\n').processed, {
    insns: 1,
    limit: 131072,
    maxStatesPerInsn: undefined,
    totalStates: undefined,
    peakStates: undefined,
  });
});

test('line information of the loader goes before what the log says', () => {
  const sourceAt = (instruction: number) => ({ file: 'count.bpf.c', line: 100 + instruction, text: 'return *value;' });
  assert.equal(explainLog(log('5.10', 'missing_null_check'), { sourceAt }).source?.line, 107);
});

test('a log that says nothing gives no reason and no hint', () => {
  assert.deepEqual(explainLog(''), { reason: '', lastLines: [''] });
  assert.equal(explainLog('0: (b7) r0 = 0\n').reason, '');
});

test('only the end of a log of many megabytes is looked at', () => {
  const line = '5: (07) r0 += 1                       ; R0_w=1\n';
  const end = 'BPF program is too large. Processed 1000001 insn\n';
  const source = '; int early = 1; @ early.c:7\n';
  assert.equal(explainLog(`${source}${line}${end}`).source?.line, 7);
  const { reason, instruction, lastLines, source: found } = explainLog(`${source}${line.repeat(100_000)}${end}`, { lastLines: 3 });
  assert.equal(found, undefined);
  assert.equal(reason, 'BPF program is too large. Processed 1000001 insn');
  assert.equal(instruction, 5);
  assert.equal(lastLines.length, 3);
});

test('the text for a person has reason, place, hint and the end of the log', () => {
  const text = refusalText('missing_null_check', explainLog(log('6.18', 'missing_null_check'), { lastLines: 3 }));
  const [first, at, register, hint, ...rest] = text.split('\n');
  assert.equal(first, "program missing_null_check: refused by the verifier: R0 invalid mem access 'map_value_or_null'");
  assert.match(at!, /^ {2}at refused-memory\.bpf\.c:\d+: return counter\(\)->packets\[0\]; \(instruction 7\)$/);
  assert.match(register!, /^ {2}R0 is map_value_or_null\(/);
  assert.match(hint!, /NULL/);
  assert.equal(rest.length, 4);
});

test('the end of a log that only says the reason again is left out', () => {
  const text = refusalText(
    'loads',
    explainLog('unrecognized bpf_ld_imm64 insn\nprocessed 0 insns (limit 1000000) max_states_per_insn 0\n'),
  );
  assert.equal(text, 'program loads: refused by the verifier: unrecognized bpf_ld_imm64 insn');
});

test('a refusal without a place or log to be looked at is one line, with what to do', () => {
  const text = refusalText(
    'jumps',
    explainLog('jump out of range from insn 135 to 136\nprocessed 0 insns (limit 1000000) max_states_per_insn 0\n'),
  );
  assert.match(text, /^program jumps: refused by the verifier: jump out of range from insn 135 to 136\. A jump leaves its function, .*$/);
});

test('a log of nothing but the reason has the line of C behind it', () => {
  const log = `invalid bpf_context access off=4096 size=4
; return sum + *(volatile __u32 *)((char *)ctx + 4096);
verification time 447045 usec
stack depth 0
processed 120002 insns (limit 1000000) max_states_per_insn 4 total_states 2002 peak_states 2002 mark_read 1
`;
  const { reason, source } = explainLog(log);
  assert.equal(reason, 'invalid bpf_context access off=4096 size=4');
  assert.equal(source?.text, 'return sum + *(volatile __u32 *)((char *)ctx + 4096);');
});
