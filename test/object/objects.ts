import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseObject } from '../../src/object/parse.js';
import type { MapSpec, ObjectSpec, ProgramSpec } from '../../src/object/spec.js';

/** The bytes of test/progs/NAME.bpf.o. */
export function objectBytes(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`../../../test/progs/${name}.bpf.o`, import.meta.url)));
}

export function parsed(name: string): ObjectSpec {
  return parseObject(objectBytes(name), { name: `${name}.bpf.o` });
}

export function mapOf(spec: ObjectSpec, name: string): MapSpec {
  const map = spec.maps.find((candidate) => candidate.name === name || candidate.section === name);
  if (!map) throw new Error(`no map ${name}, only ${spec.maps.map((other) => other.name)}`);
  return map;
}

export function programOf(spec: ObjectSpec, name: string): ProgramSpec {
  const program = spec.programs.find((candidate) => candidate.name === name);
  if (!program) throw new Error(`no program ${name}`);
  return program;
}
