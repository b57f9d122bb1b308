import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.js';
import { findGlobal, globalVariables, setGlobals, setGlobalTexts } from '../../src/object/globals.js';
import { mapOf, parsed } from './objects.js';

const SPEC = parsed('load-data');

/** The bytes of a variable after it was set. */
function after(name: string, text: string, size: number): Buffer {
  const spec = setGlobalTexts(SPEC, [[name, text]]);
  const { map, offset } = findGlobal(spec, name);
  return Buffer.from(spec.maps[map]!.contents!.subarray(offset, offset + size));
}

function findBytes(spec: typeof SPEC, name: string): Buffer {
  const { map, offset } = findGlobal(spec, name);
  return Buffer.from(spec.maps[map]!.contents!.subarray(offset));
}

test('the variables of an object are known by their names', () => {
  const names = globalVariables(SPEC).map(({ name }) => name);
  for (const name of ['answer', 'config', 'counter', 'zeroed', 'custom', 'fixed']) assert.ok(names.includes(name), name);
});

test('text is taken by the type of the variable', () => {
  assert.equal(after('answer', '0x2a', 4).readUInt32LE(), 42);
  assert.equal(after('verbose', 'true', 1)[0], 1);
  assert.equal(after('label', 'abc', 8).toString('latin1'), 'abc\0\0\0\0\0');
  assert.equal(after('ratio', '2.5', 4).readFloatLE(), 2.5);
  assert.equal(after('mode', 'LOUD', 4).readUInt32LE(), 7);
  assert.equal(after('wide', '-9007199254740993', 8).readBigInt64LE(), -9007199254740993n);
  assert.equal(after('zeroed', '9', 4).readUInt32LE(), 9);
});

test('members and elements can be set alone, and structs whole', () => {
  assert.equal(after('config.port', '443', 2).readUInt16LE(), 443);
  assert.equal(after('config.limits[2]', '5', 4).readUInt32LE(), 5);
  assert.deepEqual(after('config.limits', '[7, 8]', 12), Buffer.from(new Uint32Array([7, 8, 0]).buffer));
  assert.equal(after('config', '{port: 1, mode: LOUD}', 2).readUInt16LE(), 1);
});

test('several are set one after another, and the rest of the section stays', () => {
  const spec = setGlobals(SPEC, [
    ['answer', 1],
    ['label', 'x'],
  ]);
  const [was, is] = [mapOf(SPEC, '.rodata').contents!, mapOf(spec, '.rodata').contents!];
  const { offset } = findGlobal(spec, 'wide');
  assert.deepEqual(is.subarray(offset, offset + 8), was.subarray(offset, offset + 8));
  assert.equal(new DataView(is.buffer, is.byteOffset).getUint32(findGlobal(spec, 'answer').offset, true), 1);
  assert.equal(findBytes(SPEC, 'answer').readUInt32LE(), 42, 'the spec that was given is not changed');
});

test('what does not fit is refused with the name of the type', () => {
  const refused: [name: string, text: string, message: RegExp][] = [
    ['answer', '4294967296', /^answer: 4294967296 does not fit u32 \(0 to 4294967295\)$/],
    ['answer', '-1', /answer/],
    ['answer', 'many', /^answer: many is no whole number$/],
    ['verbose', '2', /^verbose: 2 is neither true nor false$/],
    ['label', 'much too long', /label/],
    ['mode', 'SHOUTING', /enum mode/],
    ['ratio', 'half', /^ratio: half is no number$/],
    ['config.port', '70000', /config.port/],
    ['config.nothing', '1', /there is no .nothing in struct config/],
    ['config.limits[3]', '1', /there is no \[3\]/],
    ['nothing', '1', /there is no global variable nothing; there are .*answer/],
    ['config', 'x', /^config: x is no object: write \{member: value, ...\}$/],
  ];
  for (const [name, text, message] of refused) {
    assert.throws(() => setGlobalTexts(SPEC, [[name, text]]), { name: UsageError.name, message }, `${name}=${text}`);
  }
});
