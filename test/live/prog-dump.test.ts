import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';

interface MachineFunction {
  readonly proto: string;
  readonly name: string;
  readonly insns: readonly {
    readonly src?: string;
    readonly line_num?: number;
    readonly pc: string;
    readonly operation?: string;
    readonly operands?: readonly (string | null)[];
    readonly opcodes?: readonly string[];
    readonly symbol?: string;
    readonly target_pc?: string;
  }[];
}

const noDisassembler = !['x64', 'arm64'].includes(process.arch) && 'there is a disassembler for x64 and arm64 only';

async function dumped(...args: string[]): Promise<MachineFunction[]> {
  const { status, out } = await capture(['-j', 'prog', 'dump', 'jited', ...args]);
  assert.equal(status, 0);
  return JSON.parse(out);
}

for (const form of [[], ['--bytes']]) {
  test(`machine code is dumped by function, below the lines it comes from, all of it ${form.join()}`, { skip: noRoot }, async () => {
    using object = loadTestObject('dump');
    const { program } = object.programs[0]!;
    const functions = await dumped('id', String(program.id), 'linum', 'opcodes', ...form);
    assert.deepEqual(
      functions.map(({ name }) => name.replace(/^bpf_prog_[0-9a-f]{16}_/, '')),
      isOlderThan('5.17') ? ['dump_everything', 'mix'] : ['dump_everything', 'mix', 'add'],
    );
    assert.equal(functions[1]!.proto, '__u64 mix(__u64 value, const char * salt)');
    const bytes = functions.flatMap(({ insns }) => insns.flatMap(({ opcodes }) => opcodes!));
    assert.equal(bytes.length, program.info.jitedSize);
    for (const { insns } of functions) {
      const { pc, opcodes } = insns.at(-1)!;
      assert.equal(Number(pc) + opcodes!.length, insns.flatMap((insn) => insn.opcodes).length);
      assert.ok(insns.some(({ src, line_num }) => src && line_num));
    }
  });
}

test('instructions have an operation and operands, and bytes only when they are asked for', {
  skip: noRoot || noDisassembler,
}, async () => {
  using object = loadTestObject('dump');
  const id = String(object.programs[0]!.program.id);
  const insns = (await dumped('id', id)).flatMap((each) => each.insns);
  assert.ok(insns.every(({ operation, operands, opcodes }) => operation && operands!.length > 0 && !opcodes));
  const leave = insns.filter(({ operation }) => operation === 'leave' || operation === 'retq' || operation === 'ret');
  assert.ok(leave.length > 0);
  for (const { operands } of leave) assert.deepEqual(operands, [null]);
});

test('what calls and jumps lead to is named when it is asked for, and on a terminal', { skip: noRoot || noDisassembler }, async () => {
  using object = loadTestObject('dump');
  const id = String(object.programs[0]!.program.id);
  const insns = (await dumped('id', id, '--symbols')).flatMap((each) => each.insns);
  assert.ok(insns.some(({ symbol }) => /^bpf_prog_[0-9a-f]{16}_mix$/.test(symbol ?? '')) || process.arch !== 'x64');
  assert.ok(insns.some(({ target_pc }) => insns.some(({ pc }) => pc === target_pc)));
  const args = ['prog', 'dump', 'jited', 'id', id];
  assert.doesNotMatch((await capture(args)).out, /\t# /);
  assert.match((await capture(args, true)).out, /\t# [0-9a-f]+\n/);
  assert.equal((await capture([...args, '--symbols'])).out, (await capture([...args, '--no-color'], true)).out);
});

test('the plain text has declaration, name, lines and instructions', { skip: noRoot || noDisassembler }, async () => {
  using object = loadTestObject('dump');
  const { out } = await capture(['prog', 'dump', 'j', 'id', String(object.programs[0]!.program.id), 'opcodes']);
  assert.match(out, /^int dump_everything\(struct xdp_md \* ctx\):\nbpf_prog_[0-9a-f]{16}_dump_everything:\n/);
  assert.match(out, /\n; __u64 \*total = bpf_map_lookup_elem\(&totals, &key\);\n +[0-9a-f]+:\t[a-z]+\t.*\n\t([0-9a-f]{2} )+\n/);
  assert.match(out, /\n\n$/);
});

test('control flow is drawn as a picture, which goes with neither JSON nor machine code', { skip: noRoot }, async () => {
  using object = loadTestObject('dump');
  const id = String(object.programs[0]!.program.id);
  const { status, out } = await capture(['prog', 'dump', 'xlated', 'id', id, 'linum', '--svg']);
  assert.equal(status, 0);
  assert.match(out, /^<\?xml .*<svg .*>func_0 \(\)<.*>0: \([0-9a-f]{2}\) /s);
  for (const [args, message] of [
    [['-j', 'prog', 'dump', 'xlated', 'id', id, '--svg'], /does not go together with JSON/],
    [['prog', 'dump', 'jited', 'id', id, '--svg'], /goes with 'xlated' only/],
    [['prog', 'dump', 'xlated', 'id', id, 'file', '/nonexistent/x', '--svg'], /does not go together with/],
  ] as const) {
    const refused = await capture(args);
    assert.equal(refused.status, 255);
    assert.match(refused.out + refused.err, message);
  }
});
