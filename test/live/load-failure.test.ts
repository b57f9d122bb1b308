import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { UsageError, VerifierError } from '../../src/errors.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { load } from '../../src/load/load.js';
import type { LoadOptions } from '../../src/load/options.js';
import { pinMaps, pinPrograms } from '../../src/load/pin.js';
import { parseObject } from '../../src/object/parse.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { Rollback } from '../../src/system/bpffs.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { noRoot, OwnBpffs, openBpfDescriptors, testObjectPath } from '../support/live.js';

const live = { skip: noRoot };
const noBloomFilter = { skip: noRoot || (isOlderThan('5.16') && 'needs bloom filters (5.16)') };
const noTaskStorage = { skip: noRoot || (isOlderThan('5.15') && 'needs timers (5.15)') };
const noLoop = { skip: noRoot || (isOlderThan('5.17') && 'needs bpf_loop (5.17)') };

function specOf(name: string): ObjectSpec {
  return parseObject(readFileSync(testObjectPath(name)), { name: `${name}.bpf.o` });
}

function pins(directory: string): string[] {
  return readdirSync(directory).filter((name) => !name.endsWith('.debug'));
}

/** Loads, which has to fail; gives the error, and checks that nothing is left. */
function failing(spec: ObjectSpec, options: LoadOptions = {}): Error {
  using bpffs = new OwnBpffs();
  const before = openBpfDescriptors();
  let error: unknown;
  try {
    load(spec, { pinRoot: `${bpffs.path}/made`, ...options })[Symbol.dispose]();
  } catch (caught) {
    error = caught;
  }
  assert.ok(error instanceof Error, 'it should not load');
  assert.equal(openBpfDescriptors(), before, 'descriptors');
  assert.deepEqual(pins(bpffs.path), [], 'pins');
  return error;
}

test('a program that the verifier refuses takes the maps and pins before it away with it', live, () => {
  const error = failing(specOf('load-fails'));
  assert.ok(error instanceof VerifierError);
  assert.equal(error.program, 'bad');
  assert.match(error.message, /load program bad: the verifier refuses it: .*invalid mem access 'map_value_or_null'/);
  assert.match(error.log, /processed \d+ insns/);
});

test('a map that the kernel refuses takes those before it away with it', live, () => {
  const spec = specOf('load-maps');
  const maps = spec.maps.map((map) => (map.name === 'bloom' ? { ...map, valueSize: 0, valueTypeId: 0 } : map));
  assert.match(failing({ ...spec, maps }).message, /create map bloom/);
});

test('a prog array whose program is not loaded cannot be filled, and all is taken back', noBloomFilter, () => {
  assert.match(failing(specOf('load-maps'), { only: ['entry'] }).message, /put program tail into slot 1 of map jumps: it was not loaded/);
});

test('an instruction that refers to what this kernel has not says so when the verifier gets there', live, (t) => {
  const core = failing(specOf('load-core'), { only: ['reaches_missing'] });
  assert.ok(core instanceof VerifierError);
  assert.match(
    core.log,
    /<invalid CO-RE relocation>\nfailed to resolve CO-RE relocation <byte_off> \[\d+\] struct task_struct___never\.never_there \(0:0 @ offset 0\)/,
  );
  // Its program is a syscall program.
  if (isOlderThan('5.14')) return t.diagnostic('the kernel function is left out: needs Linux 5.14');
  const spec = specOf('load-externs');
  const kfunc = failing({ ...spec, externs: spec.externs.map((extern) => ({ ...extern, weak: true })) }, { only: ['reaches_missing'] });
  assert.ok(kfunc instanceof VerifierError, kfunc.message);
  assert.match(kfunc.log, /<invalid kfunc call>\nkfunc 'bpf_no_such_function' is referenced but wasn't resolved/);
});

test('an extern that is not there is told before anything is created', live, () => {
  const spec = specOf('load-externs');
  const strong = (name: string) => ({ ...spec, externs: spec.externs.map((extern) => ({ ...extern, weak: extern.name !== name })) });
  for (const [name, message] of [
    ['CONFIG_NOT_THERE_AT_ALL', /extern CONFIG_NOT_THERE_AT_ALL: (it is not set in this kernel|neither \/boot nor)/],
    ['LINUX_SOMETHING_TO_COME', /no setting that the loader knows/],
    ['no_such_symbol_at_all', /this kernel has no such variable/],
    ['bpf_no_such_function', /this kernel has no such function/],
  ] as const) {
    const error = failing(strong(name));
    assert.ok(error instanceof UsageError);
    assert.match(error.message, message);
  }
});

test('programs of unknown sections, and those that name nothing to attach to, are refused with a reason', live, () => {
  const spec = specOf('load-fails');
  const changed = (change: Partial<ObjectSpec['programs'][number]>): ObjectSpec => ({
    ...spec,
    programs: [{ ...spec.programs[0]!, ...change }],
  });
  assert.match(
    failing(changed({ type: 0, section: 'nonsense' })).message,
    /its section nonsense is none that says what kind of program it is/,
  );
  const fentry = { type: 26, attachType: 24, flags: ['ATTACH_BTF'] as const, section: 'fentry' };
  assert.match(failing(changed({ ...fentry, target: undefined })).message, /does not say what it attaches to/);
  assert.match(failing(changed({ ...fentry, target: 'no_such_function_x' })).message, /this kernel has no no_such_function_x to attach to/);
  assert.match(failing(changed({ ...fentry, type: 28, target: 'x' })).message, /has to be given/);
});

test('an arena whose variables do not fit is refused', live, () => {
  const spec = specOf('load-fails');
  const arena = { ...spec.maps[0]!, type: MapType.ARENA, kind: 'arena' as const, maxEntries: 1, contents: new Uint8Array(5000) };
  assert.match(
    failing({ ...spec, maps: [arena, ...spec.maps.slice(1)] }).message,
    /5000 bytes of global variables do not fit the arena of 4096/,
  );
});

test('a path that is taken stops pinning, and what was pinned before is taken back', noLoop, () => {
  using bpffs = new OwnBpffs();
  using object = load(specOf('load-functions'));
  const directory = `${bpffs.path}/programs`;
  mkdirSync(directory);
  object.program('looping')!.pin(`${directory}/looping`);
  const attempt = () => {
    using rollback = new Rollback();
    pinPrograms(object, directory, rollback);
    rollback.commit();
  };
  assert.throws(attempt, /pin program looping .* at .*\/looping/);
  assert.deepEqual(pins(directory), ['looping']);
});

test('programs and maps are pinned by their names, with _ for dots', live, () => {
  using bpffs = new OwnBpffs();
  using object = load(specOf('load-data'));
  const directory = `${bpffs.path}/all`;
  using rollback = new Rollback();
  pinPrograms(object, directory, rollback);
  pinMaps(object, directory, rollback);
  assert.deepEqual(pins(directory).sort(), [
    '_data_custom',
    '_data_hidden',
    '_rodata_custom',
    'load_dat_bss',
    'load_dat_data',
    'load_dat_rodata',
    'sum',
  ]);
  rollback[Symbol.dispose]();
  assert.equal(existsSync(directory), false);
});

test('a map whose types the kernel does not take, and that cannot do without, is refused for the types', noTaskStorage, () => {
  const { message, cause } = failing(specOf('load-map-fields'));
  assert.match(message, /^create map with_timer/);
  assert.match(String(cause), /operation not supported|invalid argument/);
  assert.doesNotMatch(message, /need BTF/);
});
