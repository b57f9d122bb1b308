import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';
import { noReference, referenceDisassembler, referenceVersion, runReference } from '../support/reference.js';

const skip = noRoot || noReference;
// Older ones take one of these words at a time.
const WORDS = [[], ['opcodes'], ['linum'], ...(referenceVersion < 705 ? [] : [['opcodes', 'linum']])];
const FORMS = [[], ['-j'], ['-p']];
// Before it a block that ended with a call had two edges to the next one.
const RIGHT_GRAPHS = 708;

function ids(object: LoadedObject): string[] {
  return object.programs.map(({ program }) => String(program.id));
}

// No backslash in their sources: before 7.5 the reference wrote `\\` in JSON as `\\n`.
test('translated instructions read as the reference prints them, in every form', { skip }, async () => {
  for (const name of ['dump', 'hooks-cgroup', 'hooks-net']) {
    using object = loadTestObject(name);
    for (const id of ids(object).slice(0, 3)) {
      for (const form of FORMS) {
        for (const words of WORDS) {
          const args = [...form, 'prog', 'dump', 'xlated', 'id', id, ...words];
          assert.equal((await capture(args)).out, runReference(args).out, `${name}: ${args.join(' ')}`);
        }
      }
    }
  }
});

test('machine code reads as the reference prints it with LLVM, in every form', {
  skip: skip || (referenceDisassembler !== 'llvm' && 'needs bpftool with LLVM to compare with'),
}, async () => {
  for (const name of ['dump', 'hooks-cgroup', 'hooks-net', 'values']) {
    using object = loadTestObject(name);
    for (const id of ids(object).slice(0, 2)) {
      for (const form of FORMS) {
        for (const words of [[], ['opcodes', 'linum']]) {
          const args = [...form, 'prog', 'dump', 'jited', 'id', id, ...words];
          assert.equal((await capture(args)).out, runReference(args).out, `${name}: ${args.join(' ')}`);
        }
      }
    }
  }
});

interface Machine {
  readonly proto?: string;
  readonly name: string;
  readonly insns: readonly { readonly pc: string; readonly src?: string; readonly opcodes: readonly string[] }[];
}

test('machine code has the functions, bytes and places of source lines of the reference, whatever it takes it apart with', {
  skip: skip || (!referenceDisassembler && 'needs bpftool with a disassembler to compare with'),
}, async () => {
  const facts = (text: string) =>
    (JSON.parse(text) as Machine[]).map(({ proto, name, insns }) => ({
      proto,
      name,
      bytes: insns.flatMap(({ opcodes }) => opcodes),
      sources: insns.filter(({ src }) => src !== undefined).map(({ pc, src }) => [pc, src]),
    }));
  for (const name of ['dump', 'hooks-cgroup', 'hooks-net']) {
    using object = loadTestObject(name);
    for (const id of ids(object).slice(0, 3)) {
      const args = ['-j', 'prog', 'dump', 'jited', 'id', id, 'opcodes'];
      assert.deepEqual(facts((await capture(args)).out), facts(runReference(args).out), `${name}: ${args.join(' ')}`);
    }
  }
});

test('several programs of one tag are dumped one after the other', { skip }, async () => {
  using first = loadTestObject('dump');
  using second = loadTestObject('dump');
  assert.equal(first.programs[0]!.program.info.tag, second.programs[0]!.program.info.tag);
  for (const form of FORMS) {
    const args = [...form, 'prog', 'dump', 'xlated', 'tag', first.programs[0]!.program.info.tag];
    assert.equal((await capture(args)).out, runReference(args).out, args.join(' '));
  }
});

test('the graph of a program with one function is that of the reference', {
  skip: skip || (referenceVersion < RIGHT_GRAPHS && 'needs bpftool 7.8 to compare with'),
}, async () => {
  using object = loadTestObject('hooks-net');
  for (const id of ids(object).slice(0, 4)) {
    for (const words of WORDS) {
      const args = ['prog', 'dump', 'xlated', 'id', id, 'visual', ...words];
      assert.equal((await capture(args)).out, runReference(args).out);
    }
  }
});

test('the instructions are written to a file that only its owner can read', { skip }, async () => {
  using object = loadTestObject('dump');
  const [id] = ids(object);
  const ours = join(tmpdir(), `xlated-${process.pid}`);
  const theirs = `${ours}.reference`;
  try {
    assert.deepEqual(await capture(['prog', 'dump', 'xlated', 'id', id!, 'file', ours]), { status: 0, out: '', err: '' });
    runReference(['prog', 'dump', 'xlated', 'id', id!, 'file', theirs]);
    assert.deepEqual(readFileSync(ours), readFileSync(theirs));
    assert.equal(statSync(ours).mode & 0o777, 0o600);
  } finally {
    rmSync(ours, { force: true });
    rmSync(theirs, { force: true });
  }
});
