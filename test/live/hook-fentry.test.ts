import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { SyscallError } from '../../native/error.js';
import { VerifierError } from '../../src/errors.js';
import { AttachType } from '../../src/kernel/enums.gen.js';
import { attach } from '../../src/link/attach.js';
import type { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { countOf, loadTestObject, noRoot, openBpfDescriptors } from '../support/live.js';

// Some kernels of virtual machines are patched to refuse these programs, before the verifier sees them.
const noPatching = noRoot || (isRefused(() => loadTestObject('hooks-fentry')) && 'this kernel refuses programs on its functions');

function isRefused(load: () => LoadedObject): boolean {
  try {
    load()[Symbol.dispose]();
    return false;
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof VerifierError && cause.log !== '') return false;
      if (cause instanceof SyscallError) return cause.code === 'EPERM';
    }
    return false;
  }
}

describe('hooks that are patched into functions', { skip: noPatching }, () => {
  let object: LoadedObject;

  before(() => {
    object = loadTestObject('hooks-fentry');
    object.map('target')!.update(new Uint8Array(4), new Uint8Array(new Uint32Array([process.pid]).buffer));
  });

  after(() => {
    object[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  /** How often a program runs while this process opens a file. */
  function runs(program: string): number {
    const earlier = countOf(object, program);
    readFileSync('/dev/null');
    return countOf(object, program) - earlier;
  }

  for (const [section, program, attachType] of [
    ['fentry/security_file_open', 'on_fentry', AttachType.TRACE_FENTRY],
    ['fexit/security_file_open', 'on_fexit', AttachType.TRACE_FEXIT],
    ['fmod_ret/security_file_open', 'on_fmod_ret', AttachType.MODIFY_RETURN],
    ['lsm/file_open', 'on_lsm', AttachType.LSM_MAC],
  ] as const) {
    test(`${section}: it runs, the kernel tells how it is attached, and disposed of it no longer runs`, () => {
      {
        using link = attach(object.program(program)!, section) as Link;
        assert.ok(runs(program) >= 1);
        const { target, progId } = link.info;
        assert.ok(target.type === 'tracing');
        assert.deepEqual([target.attachType, progId], [attachType, object.program(program)!.id]);
      }
      assert.equal(runs(program), 0);
    });
  }

  test('a cookie is given where the kernel can keep it, and otherwise refused with the kernel that can', () => {
    const start = () => attach(object.program('on_fentry')!, 'fentry/security_file_open', { cookie: 3n }) as Link;
    if (isOlderThan('5.18')) return void assert.throws(start, /not supported by this kernel \(needs 5\.18/);
    using _link = start();
    assert.ok(runs('on_fentry') >= 1);
  });

  for (const [section, program, since, times] of [
    ['lsm.s/file_open', 'on_lsm_s', '5.11', 1],
    ['fsession/security_file_open', 'on_session', '7.0', 2],
  ] as const) {
    test(`${section}: it runs`, { skip: isOlderThan(since) && `needs Linux ${since}` }, () => {
      using newer = loadTestObject('hooks-fentry-newer', { only: [program] });
      using _link = attach(newer.program(program)!, section);
      readFileSync('/dev/null');
      assert.ok(countOf(newer, program) >= times);
    });
  }

  for (const [section, program, times] of [
    ['fentry.multi', 'on_entries', 1],
    ['fexit.multi', 'on_exits', 1],
    ['fsession.multi', 'on_both', 2],
  ] as const) {
    test(`${section}: it runs at every function that its pattern means`, { skip: isOlderThan('7.2') && 'needs Linux 7.2' }, () => {
      using multi = loadTestObject('hooks-fentry-multi');
      const opens = () => {
        const earlier = countOf(multi, program);
        readFileSync('/dev/null');
        return countOf(multi, program) - earlier;
      };
      {
        using _link = attach(multi.program(program)!, `${section}/security_file_op*`);
        assert.ok(opens() >= times);
      }
      assert.equal(opens(), 0);
    });
  }

  test('freplace: the function of another program is replaced for as long as the link is held', () => {
    using replaced = loadTestObject('hooks-replaced');
    const entry = replaced.program('entry')!;
    const verdict = () => entry.testRun({ data: new Uint8Array(64) }).returnValue;
    const [XDP_DROP, XDP_PASS] = [1, 2];
    assert.equal(verdict(), XDP_PASS);
    using replacing = loadTestObject('hooks-replace', { attachPrograms: new Map([['replacement', entry.fd]]) });
    {
      using _link = attach(replacing.program('replacement')!, 'freplace/verdict');
      assert.equal(verdict(), XDP_DROP);
      assert.equal(countOf(replacing, 'replacement'), 1);
    }
    assert.equal(verdict(), XDP_PASS);
  });
});
