import { dot } from '../../src/asm/dot.js';
import { Instructions } from '../../src/asm/instructions.js';
import { jsonRow, listing, plainRow } from '../../src/asm/listing.js';
import type { Btf } from '../../src/btf/btf.js';
import { compileFormatter } from '../../src/btf/value.js';
import { relocateCore } from '../../src/core-relo/relocate.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { minimizeBtf } from '../../src/gen/min-core-btf.js';
import { skeleton } from '../../src/gen/skeleton/skeleton.js';
import { subskeleton } from '../../src/gen/skeleton/subskeleton.js';
import { readCoreObject } from '../../src/gen/sources.js';
import { typescriptModule } from '../../src/gen/ts/module.js';
import { linkProgram } from '../../src/object/link.js';
import { parseObject } from '../../src/object/parse.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { attempt, drain } from './attempt.js';

const ZEROS = new DataView(new ArrayBuffer(4096));

/** Reads an object as loading it would, up to where the kernel comes in. */
export function exerciseObject(bytes: Uint8Array, kernel: Btf): void {
  const spec = parseObject(bytes, { name: 'damaged.bpf.o', relaxedMaps: (bytes.length & 1) === 1 });
  relocate(spec, kernel);
  const done = new Map<string, ReadonlyMap<number, string>>();
  for (const program of spec.programs)
    attempt(() => linkProgram(spec, program, (fn) => ({ instructions: fn.instructions, unresolved: done.get(fn.name) ?? new Map() })));
  for (const fn of [...spec.programs, ...spec.subprograms].slice(0, 16)) exerciseCode(fn.instructions);
}

/** Reads the maps that an object defines, and what is in them at first. */
export function exerciseMaps(bytes: Uint8Array): void {
  const { maps, btf } = parseObject(bytes, { name: 'damaged.bpf.o', relaxedMaps: (bytes.length & 1) === 1 });
  for (const { keyTypeId, valueTypeId } of maps)
    for (const id of [keyTypeId, valueTypeId]) if (btf && id !== 0) attempt(() => compileFormatter(btf, id).json(ZEROS, 0));
}

/** CO-RE of an object's functions against the types of a kernel. */
export function relocate(spec: ObjectSpec, kernel: Btf): void {
  for (const fn of [...spec.programs, ...spec.subprograms])
    attempt(() => relocateCore([fn], spec.btf, () => ({ btf: kernel, modules: () => [] })));
}

/** What is made of an object file: code for programs that use it, and other object files. */
export function exerciseGenerators(bytes: Uint8Array, kernel: Btf): void {
  attempt(() => linkObjects([{ what: 'damaged', bytes }]));
  attempt(() => minimizeBtf(kernel, [readCoreObject(bytes, 'damaged')]));
  const spec = parseObject(bytes, { name: 'damaged.bpf.o' });
  attempt(() => typescriptModule(spec, bytes, { name: 'damaged', file: 'damaged.bpf.o' }));
  attempt(() => drain(skeleton(spec, bytes, 'damaged')));
  if (spec.btf) attempt(() => subskeleton(spec, 'damaged'));
}

/** Prints code in every form. What is cut off behind the last whole instruction is left out, as the kernel's own dumps have none. */
export function exerciseCode(bytes: Uint8Array): void {
  const instructions = new Instructions(bytes.subarray(0, bytes.length & ~7));
  const program = { instructions, functions: [], lines: [], names: {} };
  for (const row of listing(program, { opcodes: true, linum: true })) {
    plainRow(row);
    jsonRow(row);
  }
  drain(dot(program));
}
