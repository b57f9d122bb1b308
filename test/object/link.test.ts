import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Instructions } from '../../src/asm/instructions.js';
import { ParseError } from '../../src/bytes/cursor.js';
import { linkProgram } from '../../src/object/link.js';
import type { FunctionSpec, ObjectSpec } from '../../src/object/spec.js';
import { parsed, programOf } from './objects.js';

const SPEC = parsed('load-functions');
const NOTHING = new Map<number, string>();
const asIs = (fn: FunctionSpec) => ({ instructions: fn.instructions, unresolved: NOTHING });
const link = (name: string, spec: ObjectSpec = SPEC) => linkProgram(spec, programOf(spec, name), asIs);
const partNames = (name: string) => link(name).parts.map(({ fn }) => fn.name);

test('a program takes along what it uses, and what that uses before what comes next', () => {
  assert.deepEqual(partNames('alone'), ['alone']);
  assert.deepEqual(partNames('first'), ['first', 'middle', 'leaf', 'hidden_one']);
  assert.deepEqual(partNames('second'), ['second', 'weak_one', 'middle', 'leaf']);
});

test('a function whose address is taken is taken along too', () => {
  assert.deepEqual(partNames('looping'), ['looping', 'step', 'leaf']);
});

test('every call goes to the start of a function of the program', () => {
  for (const { name } of SPEC.programs) {
    const { instructions: code, parts } = link(name);
    const starts = new Set(parts.map(({ offset }) => offset));
    for (const index of code.indexes()) {
      if (code.isSubprogramCall(index) || code.isSubprogramAddress(index))
        assert.ok(starts.has(index + 1 + code.imm(index)), `${name} at ${index}`);
    }
  }
});

test('information on functions and lines moves with the code', () => {
  const { parts, funcInfo, lineInfo, instructions } = link('first');
  assert.deepEqual(
    funcInfo!.map(({ instruction }) => instruction),
    parts.map(({ offset }) => offset),
  );
  assert.deepEqual(
    funcInfo!.map(({ typeId }) => SPEC.btf!.name(typeId)),
    parts.map(({ fn }) => fn.name),
  );
  const at = lineInfo!.map(({ instruction }) => instruction);
  assert.deepEqual(
    at,
    [...at].sort((a, b) => a - b),
  );
  assert.ok(at.at(-1)! < instructions.length);
});

test('the object itself is not changed by linking', () => {
  const before = SPEC.subprograms.map(({ instructions }) => Buffer.from(instructions).toString('hex'));
  link('first');
  link('second');
  assert.deepEqual(
    SPEC.subprograms.map(({ instructions }) => Buffer.from(instructions).toString('hex')),
    before,
  );
});

test('a hidden function is static for the verifier, a weak one is not', () => {
  const linkage = (name: string) => {
    const fn = SPEC.btf!.type(SPEC.btf!.find(name, 'FUNC')!);
    return fn.kind === 'FUNC' ? fn.linkage : undefined;
  };
  assert.equal(linkage('hidden_one'), 0);
  assert.equal(linkage('weak_one'), 1);
});

test('a program of an optional section is not loaded by itself', () => {
  assert.equal(programOf(SPEC, 'optional').autoload, false);
  assert.equal(programOf(SPEC, 'optional').section, 'xdp');
  assert.equal(programOf(SPEC, 'first').autoload, true);
});

test('a call that leads nowhere is refused', () => {
  const program = programOf(SPEC, 'alone');
  const call = Instructions.of([{ code: 0x85, dst: 0, src: 1, off: 0, imm: 1000 }]).bytes;
  assert.throws(() => linkProgram(SPEC, program, () => ({ instructions: call, unresolved: NOTHING })), ParseError);
});

test('functions that call each other in a circle are each taken once', () => {
  const call = (imm: number) => Instructions.of([{ code: 0x85, dst: 0, src: 1, off: 0, imm }]).bytes;
  const fn = (name: string, offset: number, imm: number): FunctionSpec => ({
    ...SPEC.subprograms[0]!,
    name,
    offset,
    instructions: call(imm),
    relocations: [],
    funcInfo: undefined,
    lineInfo: undefined,
  });
  const main = { ...programOf(SPEC, 'alone'), ...fn('main', 0, -1), relocations: [{ kind: 'call' as const, instruction: 0, offset: 0 }] };
  const spec = { ...SPEC, btf: undefined, subprograms: [fn('a', 0, 0), fn('b', 1, -2)], programs: [main] };
  const linked = linkProgram(spec, main, asIs);
  assert.deepEqual(
    linked.parts.map(({ fn: { name } }) => name),
    ['main', 'a', 'b'],
  );
});
