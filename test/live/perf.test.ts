import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { progLoad, rawTracepointOpen } from '../../native/bpf.js';
import type { Fd } from '../../native/fd.js';
import { cText } from '../../native/memory.js';
import { perfEventOpen, perfEventSetProgram } from '../../native/perf.js';
import { Instructions } from '../../src/asm/instructions.js';
import { ProgType } from '../../src/kernel/enums.gen.js';
import { attach } from '../../src/link/attach.js';
import type { Link } from '../../src/link/link.js';
import { EXIT_INSN, moveImmediate } from '../../src/probe/programs.js';
import { Program } from '../../src/program/program.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { tracepointId } from '../../src/system/tracefs.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot, OwnBpffs } from '../support/live.js';
import { noReference, runReference } from '../support/reference.js';

const { bytes } = Instructions.of([moveImmediate(0, 0), EXIT_INSN]);
const opened: Disposable[] = [];
after(() => {
  for (const each of opened.reverse()) each[Symbol.dispose]();
});

function keep<T extends Disposable>(thing: T): T {
  opened.push(thing);
  return thing;
}

function load(type: keyof typeof ProgType): Program {
  return keep(new Program(progLoad({ prog_type: ProgType[type], insns: bytes, insn_cnt: 2, license: cText('GPL') })));
}

/** Opens an event of this process and hangs a program of this type on it. */
function attachTo(event: Parameters<typeof perfEventOpen>[0], type: keyof typeof ProgType): { fd: Fd; program: Program } {
  const fd = keep(perfEventOpen({ ...event, sample_period: 1, disabled: 1 }, { pid: 0, cpu: -1 }));
  const program = load(type);
  perfEventSetProgram(fd.number, program.fd);
  return { fd, program };
}

async function ownRows(): Promise<Record<string, unknown>[]> {
  const { status, out } = await capture(['-j', 'perf', 'show']);
  assert.equal(status, 0, out);
  return (JSON.parse(out) as Record<string, unknown>[]).filter(({ pid }) => pid === process.pid);
}

const own = (text: string) => text.split('\n').filter((line) => line.startsWith(`pid ${process.pid} `));

test('perf events, raw tracepoints and user functions are shown with what is attached to them', { skip: noRoot }, async () => {
  const tracepoint = attachTo({ type: 2, config: tracepointId('sched', 'sched_switch') }, 'TRACEPOINT');
  const raw = keep(rawTracepointOpen(load('RAW_TRACEPOINT').fd, 'sys_enter'));
  const pid = process.pid;
  const rows = await ownRows();
  assert.deepEqual(
    rows.find(({ fd }) => fd === tracepoint.fd.number),
    {
      ...{ pid, fd: tracepoint.fd.number, prog_id: tracepoint.program.id, fd_type: 'tracepoint', tracepoint: 'sched_switch' },
    },
  );
  assert.equal(rows.find(({ fd }) => fd === raw.number)?.fd_type, 'raw_tracepoint');

  const folder = mkdtempSync(join(tmpdir(), 'perf-'));
  keep({ [Symbol.dispose]: () => rmSync(folder, { recursive: true }) });
  const file = join(folder, 'tool');
  writeFileSync(file, readFileSync('/bin/true'));
  const path = cText(file);
  const type = Number(readFileSync('/sys/bus/event_source/devices/uprobe/type', 'utf8'));
  const uprobe = attachTo({ type, uprobe_path: path, probe_offset: 64 }, 'KPROBE');
  assert.deepEqual(
    (await ownRows()).find(({ fd }) => fd === uprobe.fd.number),
    { pid, fd: uprobe.fd.number, prog_id: uprobe.program.id, fd_type: 'uprobe', filename: file, offset: 64 },
  );
});

test('events without a program, and programs that count, are passed over', { skip: noRoot }, async () => {
  const before = await ownRows();
  keep(perfEventOpen({ type: 2, config: tracepointId('sched', 'sched_switch'), disabled: 1 }, { pid: 0, cpu: -1 }));
  attachTo({ type: 1, config: 0 }, 'PERF_EVENT');
  assert.deepEqual(await ownRows(), before);
});

test('perf show prints what the reference prints', { skip: noRoot || noReference }, async () => {
  const ours = await capture(['perf', 'show']);
  assert.ok(own(ours.out).length >= 3);
  assert.deepEqual(own(ours.out), own(runReference(['perf', 'show']).out));
  const theirs = JSON.parse(runReference(['-j', 'perf', 'show']).out) as Record<string, unknown>[];
  assert.deepEqual(
    await ownRows(),
    theirs.filter(({ pid }) => pid === process.pid),
  );
});

const noLinkInfo = noRoot || (isOlderThan('6.6') && 'needs Linux 6.6, which tells what a link of a perf event is at');

test('what only a link holds is shown by the link, and what a process has open too comes once', { skip: noLinkInfo }, async () => {
  using bpffs = new OwnBpffs();
  using loaded = loadTestObject('hooks-trace');
  const ids: number[] = [];
  for (const name of ['on_switch', 'on_raw_tp']) {
    using link = attach(loaded.program(name)!, name === 'on_switch' ? 'tp/sched/sched_switch' : 'raw_tp/sys_enter') as Link;
    ids.push(link.info.id);
    link.pin(join(bpffs.path, name));
  }
  const { out } = await capture(['-j', 'perf', 'show']);
  const rows = JSON.parse(out) as Record<string, unknown>[];
  const progId = (name: string) => loaded.program(name)!.id;
  assert.deepEqual(
    ids.map((id) => rows.find((row) => row.link_id === id)),
    [
      { link_id: ids[0], prog_id: progId('on_switch'), fd_type: 'tracepoint', tracepoint: 'sched_switch' },
      { link_id: ids[1], prog_id: progId('on_raw_tp'), fd_type: 'raw_tracepoint', tracepoint: 'sys_enter' },
    ],
  );
  assert.ok((await capture(['perf', 'show'])).out.includes(`link ${ids[1]}: prog_id ${progId('on_raw_tp')}  raw_tracepoint  sys_enter\n`));
  using open = attach(loaded.program('on_raw_tp')!, 'raw_tp/sys_exit') as Link;
  const both = JSON.parse((await capture(['-j', 'perf', 'show'])).out) as Record<string, unknown>[];
  assert.deepEqual(
    both.filter(({ tracepoint, prog_id }) => tracepoint === 'sys_exit' && prog_id === progId('on_raw_tp')).map(({ pid }) => pid),
    [process.pid],
  );
  assert.ok(open.info.id > 0);
});
