import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyscallError } from '../../native/error.js';
import { NotSupportedError } from '../../src/errors.js';
import { ProgramStream } from '../../src/events/program-stream.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { MAP_TYPES } from '../../src/kernel/map-types.js';
import { attach } from '../../src/link/attach.js';
import type { TargetWords } from '../../src/link/target.js';
import type { LoadOptions } from '../../src/load/options.js';
import { BpfMap } from '../../src/map/map.js';
import { explainUnsupported, mapTypeFeature, progTypeFeature } from '../../src/probe/unsupported.js';
import type { Program } from '../../src/program/program.js';
import { interfaceIndex } from '../../src/system/interfaces.js';
import { isOlderThan, kernelRelease } from '../../src/system/kernel-version.js';
import { loadTestObject, noRoot } from '../support/live.js';

const refusal = new SyscallError('BPF_LINK_CREATE', 22);

test('a kernel that is too old is named as the reason of a refusal', () => {
  const error = explainUnsupported({ name: 'attach tcx to eth0', since: '99.1' }, refusal) as NotSupportedError;
  assert.ok(error instanceof NotSupportedError);
  assert.equal(error.message, `attach tcx to eth0: not supported by this kernel (needs 99.1, this is ${kernelRelease()})`);
  assert.equal(error.cause, refusal);
});

test('a refusal stays what it is when the kernel has the feature, or when it has another reason', () => {
  assert.equal(explainUnsupported({ name: 'x', since: '3.0' }, refusal), refusal);
  const denied = new SyscallError('BPF_LINK_CREATE', 1);
  assert.equal(explainUnsupported({ name: 'x', since: '99.1' }, denied), denied);
});

test('a kernel that says it has the feature is believed, whatever its version', () => {
  assert.equal(explainUnsupported({ name: 'x', since: '99.1', have: () => true }, refusal), refusal);
  const without = explainUnsupported({ name: 'x', since: '3.0', have: () => false }, refusal);
  assert.match((without as Error).message, /^x: not supported by this kernel \(this is /);
});

test('types are looked for by making one of them', { skip: noRoot }, () => {
  assert.equal(mapTypeFeature(MapType.HASH).have!(), true);
  assert.equal(mapTypeFeature(999).have!(), false);
  assert.equal(progTypeFeature(1).have!(), true);
  assert.equal(progTypeFeature(999).have!(), false);
});

/** A map type is asked for by its name. What came before 5.10, the oldest kernel of all, no kernel lacks: links, and replacing their programs, among them. */
for (const { number, name, since } of MAP_TYPES.filter((row) => row !== undefined)) {
  if (!isOlderThan(since) || since === '') continue;
  test(`a map of type ${name}, which this kernel lacks, is refused with the kernel that has it`, { skip: noRoot }, () => {
    // RHASH takes no memory before it is needed (BPF_F_NO_PREALLOC).
    const attributes = { type: number, keySize: 4, valueSize: 4, maxEntries: 1, name: 'counts', flags: name === 'rhash' ? 1 : 0 };
    assert.throws(() => BpfMap.create(attributes)[Symbol.dispose](), says(`create map counts (${name})`, since));
  });
}

/** Something newer than the hook or the program that it is asked of. */
interface Newer {
  readonly what: string;
  readonly since: string;
  readonly object: string;
  readonly program: string;
  readonly options?: () => LoadOptions;
  /** Done with the program once it is loaded. */
  readonly ask?: (program: Program) => void;
  readonly sentence: string;
}

const COOKIE = { cookie: 7n };
const attached =
  (hook: string, words: () => TargetWords): Newer['ask'] =>
  (program) =>
    attach(program, hook, words())[Symbol.dispose]();
const ownProcess = () => ({ pid: process.pid });

const NEWER: readonly Newer[] = [
  {
    what: 'a cookie of a perf event',
    since: '5.15',
    object: 'every-trace',
    program: 'on_perf_event',
    ask: attached('perf_event', () => ({ ...ownProcess(), ...COOKIE })),
    sentence: `attach to perf_event pid ${process.pid} cookie 7`,
  },
  {
    what: 'a cookie of a raw tracepoint',
    since: '6.10',
    object: 'every-writable',
    program: 'on_writable',
    ask: attached('raw_tp.w/bpf_test_finish', () => COOKIE),
    sentence: 'attach to raw_tp.w/bpf_test_finish cookie 7',
  },
  {
    what: 'an iterator of one process',
    since: '6.1',
    object: 'every-iter',
    program: 'each_task',
    ask: attached('iter/task', ownProcess),
    sentence: `attach to iter/task pid ${process.pid}`,
  },
  {
    what: 'what a program prints to its streams',
    since: '6.17',
    object: 'every-writable',
    program: 'tested',
    ask: (program) => {
      using stream = new ProgramStream(program, 'stdout');
      stream.drain(() => {});
    },
    sentence: 'read what programs print',
  },
  ...(['stdout', 'stderr'] as const).map((name) => ({
    what: `${name} of a program`,
    since: '6.17',
    object: 'every-writable',
    program: 'tested',
    ask: (program: Program) => void [...program.stream(name)],
    sentence: 'read what programs print',
  })),
  {
    what: 'a program that reads what a device tells of packets',
    since: '6.3',
    object: 'hooks-net',
    program: 'count_xdp',
    options: () => ({ device: { ifindex: interfaceIndex('lo')!, use: 'metadata' } }),
    sentence: 'load program count_xdp',
  },
];

for (const { what, since, object, program, options, ask, sentence } of NEWER) {
  test(`${what} (since ${since}) is had, or refused with the kernel that has it`, { skip: noRoot }, () => {
    const act = () => {
      using loaded = loadTestObject(object, { only: [program], ...options?.() });
      ask?.(loaded.program(program)!);
    };
    if (isOlderThan(since)) return assert.throws(act, says(sentence, since));
    try {
      act();
    } catch (error) {
      // `lo` has nothing to tell, which is no fault of the kernel.
      assert.ok(options && !(error instanceof NotSupportedError), String(error));
    }
  });
}

function says(what: string, since: string): (error: Error) => boolean {
  return (error) => {
    assert.ok(error instanceof NotSupportedError, String(error));
    assert.equal(error.message, `${what}: not supported by this kernel (needs ${since}, this is ${kernelRelease()})`);
    return true;
  };
}
