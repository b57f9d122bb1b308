import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Instructions } from '../../src/asm/instructions.js';
import { lightLoader } from '../../src/gen/light/loader.js';
import { lightSkeleton } from '../../src/gen/skeleton/light-skeleton.js';
import { MapType, ProgType } from '../../src/kernel/enums.gen.js';
import { parseObject } from '../../src/object/parse.js';
import type { MapSpec } from '../../src/object/spec.js';

const spec = parseObject(readFileSync('test/progs/gen-types.bpf.o'), { name: 'light' });
const CALL = 0x85;
const SYS_BPF = 166;

/** The commands that a loader gives, in their order: the constant that is moved to the first argument of each call. */
function commands(code: Instructions): number[] {
  return [...code.indexes()]
    .filter((index) => code.code(index) === CALL && code.imm(index) === SYS_BPF)
    .map((index) => code.imm(index - 4));
}

test('a loader loads types, makes and fills maps, and loads programs, in this order', () => {
  const code = new Instructions(lightLoader(spec).instructions);
  const [BTF_LOAD, MAP_CREATE, UPDATE, FREEZE, PROG_LOAD] = [18, 0, 2, 22, 5];
  const declared = new Array(7).fill(MAP_CREATE);
  const data = [
    [MAP_CREATE, UPDATE, FREEZE],
    [MAP_CREATE, UPDATE],
    [MAP_CREATE, UPDATE],
    [MAP_CREATE, UPDATE],
    [MAP_CREATE, UPDATE, FREEZE],
  ];
  assert.deepEqual(commands(code), [BTF_LOAD, ...declared, ...data.flat(), PROG_LOAD, PROG_LOAD]);
});

test('every jump of a loader stays within it', () => {
  const code = new Instructions(lightLoader(spec).instructions);
  const starts = new Set(code.indexes());
  for (const index of starts) {
    const opcode = code.code(index);
    if ((opcode & 7) === 5 && opcode !== CALL && opcode !== 0x95) assert.ok(starts.has(index + 1 + code.off(index)), `jump at ${index}`);
  }
});

test('a light skeleton has the loader, its data and first values in it', () => {
  const loader = lightLoader(spec);
  const text = [...lightSkeleton(spec, loader, 'light', 4096)].join('');
  const embedded = [...text.matchAll(/data\[\] .* = "\\\n((?:(?:\\x..|\\0)+\\?\n?)*)"/g)].map(
    ([, bytes]) => bytes!.match(/\\(x..|0)/g)!.length,
  );
  const mapped = spec.maps.filter(({ kind, flags }) => kind !== undefined && flags & 1024);
  assert.deepEqual(embedded.sort(), [...mapped.map(({ valueSize }) => valueSize), loader.data.length].sort());
  assert.match(text, /skel_raw_tracepoint_open\("sched_switch", prog_fd\)/);
  assert.match(text, /skel_finalize_map_data\(&skel->maps\.rodata\.initial_value,\n\t+4096, PROT_READ, /);
});

test('what a loader program cannot do is refused by name', () => {
  const [first] = spec.maps;
  const [program] = spec.programs;
  const withMap = (change: Partial<MapSpec>) => ({ ...spec, maps: [{ ...first!, ...change }, ...spec.maps.slice(1)] });
  const withProgram = (change: Partial<typeof program>) => ({ ...spec, programs: [{ ...program!, ...change }] });
  const refused: [typeof spec, RegExp][] = [
    [withMap({ pinByName: true }), /^map events: a light skeleton cannot pin maps$/],
    [withMap({ type: MapType.PROG_ARRAY, slots: [0] }), /cannot fill program arrays/],
    [withMap({ type: MapType.STRUCT_OPS }), /cannot have struct_ops/],
    [withMap({ type: MapType.ARENA, contents: new Uint8Array(1) }), /variables in an arena/],
    [withProgram({ type: ProgType.UNSPEC }), /^program on_switch: its section .* says nothing on its type$/],
    [withProgram({ type: ProgType.EXT, flags: ['ATTACH_BTF'] }), /cannot replace functions of other programs/],
    [withProgram({ flags: ['ATTACH_BTF'], target: undefined }), /does not say what it attaches to/],
    [{ ...spec, programs: new Array(33).fill(program) }, /has room for 32 functions, the object has 33/],
    [{ ...spec, maps: new Array(65).fill(first) }, /has room for 64 maps, the object has 65/],
    [{ ...spec, littleEndian: false }, /big-endian/],
  ];
  for (const [object, message] of refused) assert.throws(() => lightLoader(object), { name: 'UsageError', message });
});
