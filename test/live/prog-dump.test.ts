import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../support/capture.js';
import { loadTestObject, noRoot } from '../support/live.js';

interface MachineFunction {
  readonly proto: string;
  readonly name: string;
  readonly insns: readonly {
    readonly src?: string;
    readonly line_num?: number;
    readonly pc: string;
    readonly opcodes: readonly string[];
  }[];
}

async function dumped(...args: string[]): Promise<MachineFunction[]> {
  const { status, out } = await capture(['-j', 'prog', 'dump', 'jited', ...args]);
  assert.equal(status, 0);
  return JSON.parse(out);
}

test('machine code is dumped as bytes by function, below the lines they come from', { skip: noRoot }, async () => {
  using object = loadTestObject('dump');
  const { program } = object.programs[0]!;
  const functions = await dumped('id', String(program.id), 'linum');
  assert.deepEqual(
    functions.map(({ name }) => name.replace(/^bpf_prog_[0-9a-f]{16}_/, '')),
    ['dump_everything', 'mix', 'add'],
  );
  assert.equal(functions[1]!.proto, '__u64 mix(__u64 value, const char * salt)');
  const bytes = functions.flatMap(({ insns }) => insns.flatMap(({ opcodes }) => opcodes));
  assert.equal(bytes.length, program.info.jitedSize);
  for (const { insns } of functions) {
    const { pc, opcodes } = insns.at(-1)!;
    assert.equal(Number(pc) + opcodes.length, insns.flatMap((insn) => insn.opcodes).length);
    assert.ok(insns.some(({ src, line_num }) => src && line_num));
  }
});

test('the plain text has declaration, name, lines and bytes', { skip: noRoot }, async () => {
  using object = loadTestObject('dump');
  const { out } = await capture(['prog', 'dump', 'j', 'id', String(object.programs[0]!.program.id)]);
  assert.match(out, /^int dump_everything\(struct xdp_md \* ctx\):\nbpf_prog_[0-9a-f]{16}_dump_everything:\n/);
  assert.match(out, /\n; __u64 \*total = bpf_map_lookup_elem\(&totals, &key\);\n +[0-9a-f]+:\t([0-9a-f]{2} ?){1,16}\n/);
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
