import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Elf } from '../../src/elf/elf.js';
import { usdtSites } from '../../src/elf/usdt.js';

const BYTES = readFileSync(new URL('../../../test/progs/usdt-probes.x86-64', import.meta.url));

test('static probes are found with their places in the file and their arguments', () => {
  const [four, wanted, ...more] = usdtSites(Elf.parse(BYTES));
  assert.deepEqual(
    [four, wanted].map((site) => [site!.provider, site!.name, site!.arguments]),
    [
      ['test', 'four', '-4@$-5 -4@%edx 4@4(%rdi) 4@(%rdi,%rsi,4)'],
      ['test', 'wanted', ''],
    ],
  );
  const NOP = 0x90;
  assert.deepEqual([BYTES[four!.offset], BYTES[wanted!.offset]], [NOP, NOP]);
  assert.equal(four!.semaphore, undefined);
  assert.equal(BYTES.readUInt16LE(wanted!.semaphore), 0);
  assert.deepEqual(more, []);
});

test('a note that is cut off is refused with its place', () => {
  const elf = Elf.parse(BYTES);
  const notes = elf.section('.note.stapsdt')!;
  const broken = Uint8Array.from(BYTES);
  broken.set([0xff, 0xff], notes.offset + 4);
  assert.throws(() => usdtSites(Elf.parse(broken)), /stapsdt.*\(at byte/);
});
