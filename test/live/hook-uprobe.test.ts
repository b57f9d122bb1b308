import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Clock, readClock } from '../../native/system.js';
import { Elf } from '../../src/elf/elf.js';
import { fileOffset, segments } from '../../src/elf/segments.js';
import { NotSupportedError } from '../../src/errors.js';
import { askProbeEvent } from '../../src/link/ask-perf.js';
import { attach } from '../../src/link/attach.js';
import { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { findBinary, userFunctionOffset } from '../../src/system/symbols.js';
import { withTracefs } from '../../src/system/tracefs.js';
import { countOf, loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';

const LIBRARY = 'libc.so.6';
// Every call of the kernel by this process goes through this function of the C library.
const FUNCTION = 'syscall';
const callIt = () => readClock(Clock.MONOTONIC);
const ours = { pid: process.pid };

describe('hooks of user functions', { skip: noRoot }, () => {
  let object: LoadedObject;
  let directory = '';
  let copy = '';
  let entry = 0;

  before(() => {
    object = loadTestObject('hooks-probe');
    directory = mkdtempSync(join(tmpdir(), 'bpf-ts-'));
    copy = join(directory, 'a:true');
    copyFileSync(realpathSync('/bin/true'), copy);
    chmodSync(copy, 0o755);
    const elf = Elf.parse(readFileSync(copy));
    entry = fileOffset(segments(elf), elf.entry)!;
  });

  after(() => {
    rmSync(directory, { recursive: true, force: true });
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  /** How often a program runs while something is done. */
  function runs(program: string, act: () => void, of = object): number {
    const earlier = countOf(of, program);
    act();
    return countOf(of, program) - earlier;
  }

  for (const [section, program] of [
    ['uprobe', 'on_entry'],
    ['uretprobe', 'on_return'],
  ] as const) {
    test(`${section} of a library's function: it runs for each call of the process, and no longer when it is disposed of`, () => {
      {
        using attached = attach(object.program(program)!, `${section}/${LIBRARY}:${FUNCTION}`, ours);
        assert.ok(runs(program, callIt) >= 1);
        if (attached instanceof Link && !isOlderThan('6.6')) {
          const { target, progId } = attached.info;
          assert.ok(target.type === 'perf_event' && target.event.kind === section);
          assert.equal(target.event.file, findBinary(LIBRARY));
          assert.equal(target.event.offset, userFunctionOffset(findBinary(LIBRARY), { name: FUNCTION, offset: 0 }));
          assert.equal(progId, object.program(program)!.id);
        } else assert.ok(attached instanceof Link || isOlderThan('5.15'), 'only an old kernel has no link');
      }
      assert.equal(runs(program, callIt), 0);
    });
  }

  test('uprobe at an offset in a file: it runs in every process that comes there', () => {
    using _attached = attach(object.program('on_entry')!, `uprobe/${copy}:0x${entry.toString(16)}`);
    assert.equal(
      runs('on_entry', () => assert.equal(spawnSync(copy).status, 0)),
      1,
    );
  });

  test('uprobe made in tracefs, as old kernels have it: it runs, and the event is removed', () => {
    const events = () => withTracefs((tracefs) => readFileSync(join(tracefs, 'uprobe_events'), 'utf8'));
    {
      const probe = { via: 'probe', kind: 'uprobe', returns: false, name: copy.replace('a:true', 'true'), offset: entry, pid: -1 } as const;
      copyFileSync(copy, probe.name);
      using _attached = askProbeEvent(object.program('on_entry')!.fd, probe);
      assert.equal(
        runs('on_entry', () => assert.equal(spawnSync(probe.name).status, 0)),
        1,
      );
      assert.ok(events().includes(directory));
    }
    assert.ok(!events().includes(directory));
  });

  for (const [section, program, times] of [
    ['uprobe.multi', 'on_entries', 1],
    ['uretprobe.multi', 'on_returns', 1],
    ['uprobe.session', 'on_both', 2],
  ] as const) {
    test(`${section} of a pattern of functions: it runs for each call, and the kernel tells the places`, () => {
      const since = section === 'uprobe.session' ? '6.13' : '6.6';
      const start = () => attach(object.program(program)!, `${section}/${LIBRARY}:sysca?l`, { ...ours, cookie: 7n }) as Link;
      if (isOlderThan(since)) return void assert.throws(start, NotSupportedError);
      {
        using link = start();
        const calls = runs(program, callIt);
        assert.ok(calls >= times && calls % times === 0, `${calls} runs`);
        const { target } = link.info;
        assert.ok(target.type === 'uprobe_multi');
        assert.deepEqual([target.retprobe, target.pid], [section === 'uretprobe.multi', process.pid]);
        assert.equal(target.path, realpathSync(findBinary(LIBRARY)));
        const offset = BigInt(userFunctionOffset(findBinary(LIBRARY), { name: FUNCTION, offset: 0 }));
        assert.ok(target.places.some((place) => place.offset === offset && place.cookie === 7n));
      }
      assert.equal(runs(program, callIt), 0);
    });
  }

  test('programs that may sleep run too', { skip: isOlderThan('6.6') && 'needs Linux 6.6' }, () => {
    using sleepable = loadTestObject('hooks-probe-sleepable');
    for (const [section, program] of [
      ['uprobe.s', 'on_entry_s'],
      ['uretprobe.s', 'on_return_s'],
      ['uprobe.multi.s', 'on_entries_s'],
    ] as const) {
      using _attached = attach(sleepable.program(program)!, `${section}/${LIBRARY}:${FUNCTION}`, ours);
      assert.ok(runs(program, callIt, sleepable) >= 1, section);
    }
  });

  test('a cookie of a uprobe is kept by the kernel', { skip: isOlderThan('6.9') && 'needs Linux 6.9, which tells it' }, () => {
    using link = attach(object.program('on_entry')!, `uprobe/${copy}:${entry}`, { cookie: 42n }) as Link;
    const { target } = link.info;
    assert.ok(target.type === 'perf_event' && target.event.kind === 'uprobe');
    assert.deepEqual([target.event.cookie, target.event.file], [42n, copy]);
  });

  test('what does not exist is refused in words', () => {
    const program = object.program('on_entry')!;
    for (const [hook, sentence] of [
      ['uprobe', /it needs a function of a program or library: uprobe\/PATH:FUNCTION/],
      ['uprobe/nowhere', /does not say which function of which file/],
      ['uprobe/no-such-binary:main', /no program or library called "no-such-binary"/],
      ['uprobe//nowhere/binary:main', /\/nowhere\/binary is no file that can be read/],
      [`uprobe/${LIBRARY}:no_such_function`, /has no function no_such_function/],
      [`uprobe/${LIBRARY}:${FUNCTION}+x`, /is no function: FUNCTION\[\+OFFSET\]/],
      [`uprobe.multi/${LIBRARY}:no_such_*`, /has no function no_such_\*/],
    ] as const) {
      assert.throws(() => attach(program, hook), sentence, hook);
    }
  });
});
