// Loading by a loader program in the kernel, signed and unsigned.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { VerifierError } from '../../src/errors.js';
import { type Signer, signerOf } from '../../src/gen/signature/signer.js';
import { loadLight } from '../../src/load/light-load.js';
import { load } from '../../src/load/load.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { setGlobals } from '../../src/object/globals.js';
import { parseObject } from '../../src/object/parse.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { capture } from '../support/capture.js';
import { makeKey } from '../support/certificate.js';
import { noRoot, OwnBpffs, openBpfDescriptors, testObjectPath } from '../support/live.js';

const skip = noRoot || (isOlderThan('5.14') && 'needs programs that make system calls (5.14)');
const core = { skip: skip || (isOlderThan('5.17') && 'needs CO-RE by the kernel (5.17)') };
const live = { skip };

const signed = { skip: skip || noSignatures() };

/** Why this kernel checks no signatures; false when it does. */
function noSignatures(): string | false {
  if (isOlderThan('6.18')) return 'needs signatures of programs (6.18)';
  try {
    loadLight(specOf('load-data'), { signer: signer() })[Symbol.dispose]();
    return false;
  } catch (error) {
    if (error instanceof Error && /CONFIG_SYSTEM_DATA_VERIFICATION/.test(error.message)) return 'needs CONFIG_SYSTEM_DATA_VERIFICATION';
    throw error;
  }
}

function signer(kind: 'rsa' | 'ec' = 'rsa'): Signer {
  const { key, certificate } = makeKey(kind);
  return signerOf(key, certificate);
}

function specOf(name: string) {
  return parseObject(readFileSync(testObjectPath(name)), { name });
}

/** Tags are others: a loader names maps by their place in a list, which the kernel counts into the tag. */
function sizes({ programs }: LoadedObject) {
  return programs.map(({ program }) => [program.info.name, program.info.type, program.info.xlatedSize]);
}

test('a loader program makes of an object what the loader itself makes of it', core, () => {
  for (const name of ['load-data', 'load-core', 'load-functions']) {
    using light = loadLight(specOf(name));
    using heavy = load(specOf(name));
    assert.deepEqual(sizes(light), sizes(heavy), name);
    assert.deepEqual(
      light.maps.map(({ map }) => [map.info.name, map.info.type, map.info.valueSize, map.info.maxEntries]),
      heavy.maps.map(({ map }) => [map.info.name, map.info.type, map.info.valueSize, map.info.maxEntries]),
    );
    for (const { spec, map } of light.maps) {
      if (spec.kind) assert.deepEqual(map.lookup(new Uint8Array(4)), heavy.map(spec.section)!.lookup(new Uint8Array(4)), spec.name);
    }
  }
});

test('values that were set before loading are in what a loader program loads', live, () => {
  using light = loadLight(setGlobals(specOf('load-data'), [['counter', 77n]]));
  const [first] = new BigUint64Array(light.map('.data')!.lookup(new Uint8Array(4))!.slice(0, 8).buffer);
  assert.equal(first, 77n);
});

test("a program that is refused is named, with the verifier's reason, and nothing is left", live, () => {
  const before = openBpfDescriptors();
  const attempt = () => loadLight(specOf('refused-memory'), { only: ['past_packet'] });
  const name = specOf('refused-memory').programs[1]!.name;
  assert.throws(attempt, /has no program past_packet/);
  assert.throws(
    () => loadLight(specOf('refused-memory'), { only: [name] }),
    (error) => error instanceof VerifierError && error.program === name && /processed \d+ insns/.test(error.log),
  );
  assert.equal(openBpfDescriptors(), before);
});

test('prog load -L pins the first program, and without a path keeps nothing', live, async () => {
  using bpffs = new OwnBpffs();
  const path = join(bpffs.path, 'first');
  const object = testObjectPath('load-data');
  assert.deepEqual(await capture(['-L', 'prog', 'load', object]), { status: 0, out: '', err: '' });
  assert.deepEqual(await capture(['-L', 'prog', 'load', object, path]), { status: 0, out: '', err: '' });
  assert.ok(existsSync(path));
  const refused = await capture(['-L', 'prog', 'load', object, path, 'type', 'xdp']);
  assert.deepEqual([refused.status, refused.err], [255, 'Error: a loader program (-L) cannot be given a type\n']);
});

test('-S asks for both files, and they for it', async () => {
  const object = testObjectPath('load-data');
  assert.match((await capture(['-S', 'prog', 'load', object])).err, /-S needs -k PRIVATE_KEY and -i CERTIFICATE/);
  assert.match((await capture(['-k', 'x', 'prog', 'load', object])).err, /-k and -i are for signing/);
  assert.match(
    (await capture(['-S', '-k', '/no/such/key', '-i', '/no/such/key', 'prog', 'load', object])).err,
    /read \/no\/such\/key: no such file/,
  );
});

for (const kind of ['rsa', 'ec'] as const) {
  test(`the kernel takes a loader that is signed with a key of type ${kind}`, signed, () => {
    using light = loadLight(specOf('load-data'), { signer: signer(kind) });
    using heavy = load(specOf('load-data'));
    assert.deepEqual(sizes(light), sizes(heavy));
  });
}

test('the kernel refuses a loader whose signature is of something else, or by a key that it does not know', signed, () => {
  const [one, other] = [signer(), signer()];
  const before = openBpfDescriptors();
  const wrong: [Signer, RegExp][] = [
    [{ ...one, seal: (code) => ({ ...one.seal(code), signature: one.seal(code.slice(8)).signature }) }, /the signature is not right/],
    [{ ...one, certificate: other.certificate }, /does not find the key of the signature/],
    [{ ...one, seal: (code) => ({ ...one.seal(code), signature: new Uint8Array(100) }) }, /load the loader program of load-data/],
  ];
  for (const [given, message] of wrong) assert.throws(() => loadLight(specOf('load-data'), { signer: given }), { message });
  assert.equal(openBpfDescriptors(), before);
});

test('prog load -S pins what a signed loader loaded', signed, async () => {
  using bpffs = new OwnBpffs();
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-key-'));
  try {
    const { key, certificate } = makeKey('rsa');
    for (const { name, bytes } of [key, certificate]) writeFileSync(join(folder, name), bytes, { mode: 0o600 });
    const sign = ['-S', '-k', join(folder, key.name), '-i', join(folder, certificate.name)];
    const path = join(bpffs.path, 'signed');
    assert.deepEqual(await capture([...sign, 'prog', 'load', testObjectPath('load-data'), path]), { status: 0, out: '', err: '' });
    assert.ok(existsSync(path));
    const { out } = await capture([...sign, 'gen', 'skeleton', testObjectPath('load-data')]);
    assert.match(out, /__s32 keyring_id;[\s\S]+opts_sig\[\] [\s\S]+opts\.keyring_id = skel->keyring_id;/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
