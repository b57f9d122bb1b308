import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { progLoad, progTestRun } from '../../native/bpf.js';
import { Fd } from '../../native/fd.js';
import { lightLoader } from '../../src/gen/light/loader.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { MapType, ProgType } from '../../src/kernel/enums.gen.js';
import { load as loadObject } from '../../src/load/load.js';
import { forNewestKernel } from '../../src/load/newest-kernel.js';
import { BpfMap } from '../../src/map/map.js';
import { parseObject } from '../../src/object/parse.js';
import { Program } from '../../src/program/program.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { decodeExecEvent, type ExecEvent, load } from '../gen/gen-types.gen.js';
import { noRoot } from '../support/live.js';
import { lacks } from '../support/skips.js';

const skip = noRoot;
const packet = { data: new Uint8Array(64), dataRoom: 256 };
const DROP = 1;
const PASS = 2;
const BPF_F_SLEEPABLE = 1 << 4;

test('a generated module loads its object with one call, and takes first values of globals', { skip }, () => {
  using object = load({ globals: { limits: [100], custom: 11, origin: { x: 1, y: 5n }, label: 'hey' } });
  assert.equal(object.programs.count_packets.program.testRun(packet).returnValue, PASS);
  const { globals } = object;
  assert.equal(globals.total, 111n);
  assert.deepEqual(globals.origin, { x: 1, y: 5n });
  assert.deepEqual([globals.label, globals.threshold, globals.favourite, globals.limits], ['hey', 7, 'GREEN', [100, 0, 0, 0]]);
});

test('globals are read from and written to the running programs', { skip }, () => {
  using object = load();
  const { globals } = object;
  globals.total = 1000;
  globals.limits = [5];
  globals.last_seen = { u32: 1, text: 'seen' };
  object.programs.count_packets.program.testRun(packet);
  assert.equal(globals.total, 1000n + 5n + 99n + 1n);
  assert.deepEqual([globals.last_seen.text, globals.last_seen.u32], ['seen', 1]);
  globals.enabled = false;
  globals.last_seen = {};
  object.programs.count_packets.program.testRun(packet);
  assert.equal(globals.total, 1105n);
  assert.throws(() => Object.assign(globals, { threshold: 1 }), TypeError);
  assert.throws(() => Object.assign(globals, { custom: -1 }), { name: 'UsageError', message: /^custom: -1 does not fit u32/ });
});

test('maps take and give values of their types', { skip }, () => {
  using object = load();
  const { table, colours, counts, queue, untyped } = object.maps;
  table.set({ cpu: 1, comm: 'bash' }, { u64: 2n ** 63n, colour: 'BLUE', list: [{ x: 1 }] });
  table.set({ cpu: 2, comm: 'node' }, {});
  assert.deepEqual([...table.keys()].map(({ comm }) => comm).sort(), ['bash', 'node']);
  const value = table.get({ cpu: 1, comm: 'bash' })!;
  assert.deepEqual([value.u64, value.colour, value.list[0]!.x], [2n ** 63n, 'BLUE', 1]);
  assert.equal(table.get({ cpu: 3 }), undefined);
  assert.deepEqual([table.delete({ cpu: 2, comm: 'node' }), table.delete({ cpu: 2, comm: 'node' }), [...table].length], [true, false, 1]);
  assert.throws(() => table.set({}, { u8: 256 }), { message: /^table value\.u8: 256 does not fit/ });
  assert.throws(() => table.set({}, {}, 'exist'));

  colours.set(3, 'GREEN');
  assert.deepEqual(
    [...colours],
    [
      [0, 'RED'],
      [1, 'RED'],
      [2, 'RED'],
      [3, 'GREEN'],
    ],
  );
  counts.set(0, 7);
  const cpus = counts.get(0)!.length;
  assert.deepEqual(counts.get(0), new Array(cpus).fill(7n));
  counts.setEach(
    0,
    Array.from({ length: cpus }, (_, cpu) => cpu),
  );
  assert.deepEqual(
    counts.get(0),
    Array.from({ length: cpus }, (_, cpu) => BigInt(cpu)),
  );
  assert.throws(() => counts.setEach(0, new Array(cpus + 1).fill(0)), { name: 'UsageError' });

  queue.push({ x: 1, y: -1 });
  assert.deepEqual([queue.peek(), queue.pop(), queue.pop()], [{ x: 1, y: -1n }, { x: 1, y: -1n }, undefined]);
  untyped.set(Uint8Array.of(1, 2, 3), [1, 2, 3, 4, 5]);
  assert.deepEqual([...untyped], [[Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3, 4, 5)]]);
  assert.throws(() => untyped.set([1], [1, 2, 3, 4, 5]), { message: 'untyped key: it has 3 bytes, not 1' });
});

test('a change of a map is seen by the program', { skip }, () => {
  using object = load();
  object.maps.table.set({}, {});
  assert.equal(object.programs.count_packets.program.testRun(packet).returnValue, DROP);
  assert.deepEqual(object.maps.queue.pop(), { x: 1, y: 0n });
  assert.equal(object.maps.colours.get(0), 'GREEN');
});

test('events come with their types', { skip }, async () => {
  using object = load();
  object.globals.total = 42n;
  object.programs.on_switch.program.testRun({});
  object.programs.on_switch.program.testRun({});
  for await (const event of object.maps.events) {
    const { pid, colour, comm, when }: ExecEvent = event;
    assert.deepEqual([pid, colour, typeof when], [process.pid, 'GREEN', 'bigint']);
    assert.ok(comm.length > 0);
    break;
  }
  const samples: bigint[] = [];
  assert.equal(
    object.maps.samples.drain(({ value }) => samples.push(value)),
    2,
  );
  assert.deepEqual(samples, [42n, 42n]);
});

test('programs attach to what their sections say', { skip }, () => {
  using object = load();
  using attachment = object.programs.on_switch.attach();
  assert.equal(attachment.kind, 'link');
});

test('events can be read without loading the object', () => {
  const bytes = new Uint8Array(32);
  bytes.set([1, 0, 0, 0, 5]);
  bytes.set(new TextEncoder().encode('init'), 8);
  assert.deepEqual(decodeExecEvent(bytes), { pid: 1, colour: 'GREEN', comm: 'init', when: 0n });
  assert.deepEqual(decodeExecEvent(bytes.subarray(0, 10)), { pid: 1, colour: 'GREEN', comm: 'in', when: 0n });
});

// One of them has a global function that takes a pointer.
test('linked objects load, and run as one', { skip: skip || lacks({ since: '5.12' }) }, () => {
  const bytes = linkObjects(['main', 'lib'].map((half) => ({ what: half, bytes: readFileSync(`test/progs/gen-link-${half}.bpf.o`) })));
  using object = loadObject(parseObject(bytes, { name: 'linked' }));
  const run = (name: string) => object.program(name)!.testRun({}).returnValue;
  // The strong function adds 2, the library's helper multiplies by its own `hidden`.
  assert.deepEqual([run('on_exit'), run('on_enter_too')], [(1 + 2) * 4, 3 + 2]);
  const stored = object.map('shared')!;
  assert.deepEqual([...stored.next()!.subarray(0, 4)], [2, 0, 0, 0]);
});

test('the loader of a light skeleton loads the object by itself', { skip: skip || (isOlderThan('5.14') && 'needs Linux 5.14') }, () => {
  const { spec } = forNewestKernel(parseObject(readFileSync('test/progs/gen-types.bpf.o'), { name: 'light' }));
  const { instructions, data } = lightLoader(spec);
  using map = BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: data.length, maxEntries: 1, name: 'loader' });
  map.update(new Uint8Array(4), data);
  using loader = progLoad({
    prog_type: ProgType.SYSCALL,
    prog_flags: BPF_F_SLEEPABLE,
    insns: instructions,
    insn_cnt: instructions.length / 8,
    license: new TextEncoder().encode('GPL\0'),
    fd_array: new Uint8Array(Int32Array.of(map.fd).buffer),
  });
  // struct bpf_loader_ctx, a bpf_map_desc for each map, a bpf_prog_desc for each program.
  const context = new Uint8Array(24 + spec.maps.length * 16 + spec.programs.length * 4);
  const view = new DataView(context.buffer);
  view.setUint32(0, context.length, true);
  const result = progTestRun({ prog_fd: loader.number, ctx_in: context, ctx_size_in: context.length });
  assert.equal(result.retval, 0);
  const descriptors = [
    ...spec.maps.map((_, i) => view.getInt32(24 + i * 16, true)),
    ...spec.programs.map((_, i) => view.getInt32(24 + spec.maps.length * 16 + i * 4, true)),
  ];
  const owned = descriptors.map((fd) => new Fd(fd));
  try {
    const programs = owned.slice(spec.maps.length).map((fd) => new Program(fd));
    assert.deepEqual(
      programs.map((program) => program.info.name),
      ['on_switch', 'count_packets'],
    );
    assert.equal(programs[1]!.testRun(packet).returnValue, PASS);
  } finally {
    for (const fd of owned) fd[Symbol.dispose]();
  }
});
