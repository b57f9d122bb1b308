import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Disassembler, type MachineInstruction } from '../../../src/asm/machine/disassembler.js';
import { randomNumbers } from '../../support/random.js';

/** Where the instructions of test/data/machine-code stand, each for itself. */
const ADDRESS = 0xffff_8000_8000_1000n;

interface Line {
  readonly bytes: Uint8Array;
  readonly hex: string;
  readonly text: string;
}

/** Instructions that the kernel's compilers make and some more, with LLVM's text (14 for x64, 19 with all extensions for arm64). */
function golden(architecture: string): Line[] {
  const path = fileURLToPath(new URL(`../../../../test/data/machine-code/${architecture}.txt`, import.meta.url));
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [hex, ...text] = line.split('\t');
      return { bytes: Buffer.from(hex!.replaceAll(' ', ''), 'hex'), hex: hex!, text: text.join('\t') };
    });
}

async function taken(architecture: string, code: Uint8Array, address = ADDRESS): Promise<MachineInstruction[]> {
  return [...(await Disassembler.for(architecture))!.instructions(code, address)];
}

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

for (const architecture of ['x64', 'arm64']) {
  test(`instructions of ${architecture} are written as LLVM writes them`, async () => {
    const lines = golden(architecture);
    assert.ok(lines.length > 200);
    for (const { bytes: code, hex, text } of lines) {
      assert.deepEqual(
        (await taken(architecture, code)).map((each) => each.text),
        [text],
        hex,
      );
    }
  });
}

const [mc] = ['llvm-mc-19', 'llvm-mc'].filter((name) =>
  /LLVM version (1[5-9]|2)/.test(spawnSync(name, ['--version'], { encoding: 'utf8' }).stdout ?? ''),
);

for (const [architecture, ...terms] of [
  ['x64', '-triple=x86_64'],
  ['arm64', '-triple=aarch64', '-mattr=+all'],
] as const) {
  test(`what the tests expect of ${architecture} is what the LLVM of this machine says`, {
    skip: !mc && 'needs llvm-mc of LLVM 15 or newer',
  }, () => {
    // Places in the code it prints as distances.
    const lines = golden(architecture).filter(({ text }) => !text.includes('0x') && !/\bret\b|#-?\d+$/.test(text));
    const input = lines.map(({ hex }) => hex.replace(/\b(?=\w\w)/g, '0x')).join('\n');
    const { stdout } = spawnSync(mc!, ['--disassemble', ...terms], { input, encoding: 'utf8' });
    const theirs = stdout.split('\n').filter((line) => line.startsWith('\t') && !line.startsWith('\t.text'));
    assert.deepEqual(
      lines.map(({ text }) => `\t${text}`),
      theirs.map((line) => line.replace(/\s*(#|\/\/) .*$/, '')),
    );
  });
}

test('jumps and calls tell where they lead', async () => {
  const [call, jump] = await taken('x64', bytes('e8 a5 87 4e c1 74 09'), 0xffff_ffff_c002_5d16n);
  assert.deepEqual(call, { offset: 0, length: 5, text: 'callq\t0xffffffff8150e4c0', target: 0xffff_ffff_8150_e4c0n });
  assert.deepEqual(jump, { offset: 5, length: 2, text: 'je\t0xffffffffc0025d26', target: 0xffff_ffff_c002_5d26n });
  const [branch] = await taken('arm64', bytes('40 00 08 b7'));
  assert.deepEqual(branch, { offset: 0, length: 4, text: 'tbnz\tx0, #33, 0xffff800080001008', target: ADDRESS + 8n });
});

test('a lock prefix is an instruction of its own, as with LLVM', async () => {
  assert.deepEqual(await taken('x64', bytes('f0 48 0f c1 07 c3')), [
    { offset: 0, length: 1, text: 'lock' },
    { offset: 1, length: 4, text: 'xaddq\t%rax, (%rdi)' },
    { offset: 5, length: 1, text: 'retq' },
  ]);
});

test('what is no instruction is data, and what follows is taken apart', async () => {
  assert.deepEqual(await taken('x64', bytes('90 06 90')), [
    { offset: 0, length: 1, text: 'nop' },
    { offset: 1, length: 1, text: '.byte\t0x06' },
    { offset: 2, length: 1, text: 'nop' },
  ]);
  assert.deepEqual(await taken('arm64', bytes('ff ff ff ff c0 03 5f d6 1f 20')), [
    { offset: 0, length: 4, text: '.inst\t0xffffffff' },
    { offset: 4, length: 4, text: 'ret' },
    { offset: 8, length: 2, text: '.inst\t0x201f' },
  ]);
  assert.deepEqual(await taken('x64', new Uint8Array(0)), []);
});

test('any bytes are taken apart to their end', async () => {
  const random = randomNumbers(7);
  const noise = Uint8Array.from({ length: 4000 }, () => random(256));
  for (const architecture of ['x64', 'arm64']) {
    let at = 0;
    for (const { offset, length } of await taken(architecture, noise)) {
      assert.equal(offset, at);
      assert.ok(length > 0);
      at += length;
    }
    assert.equal(at, noise.length);
  }
});

test('an architecture without a disassembler is no error', async () => {
  assert.equal(await Disassembler.for('loong64'), undefined);
});
