// Files that are too large to be kept.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { BtfBuilder } from '../../src/btf/encode.js';
import { IntEncoding } from '../../src/btf/types.js';

const MEMBERS = 20;
const BYTES_OF_GROUP = 720;
const TYPES_OF_GROUP = 4;

/** Writes BTF of about so many bytes, of types that all differ: structs that refer to each other, with a typedef, a pointer and an enum each. */
export function writeLargeBtf(path: string, bytes: number): void {
  const builder = new BtfBuilder();
  builder.add({ kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: IntEncoding.SIGNED });
  builder.add({ kind: 'INT', name: 'long', size: 8, bits: 64, offset: 0, encoding: IntEncoding.SIGNED });
  for (let group = 0; group < bytes / BYTES_OF_GROUP; group++) {
    const id = builder.nextId;
    // The pointer to the struct before.
    const before = group === 0 ? 2 : id - TYPES_OF_GROUP + 2;
    const members = Array.from({ length: MEMBERS }, (_, i) => ({
      ...{ name: `member_of_${group}_${i}`, type: i === 0 ? before : 2, bitOffset: i * 64, bitfieldSize: 0 },
    }));
    builder.add({ kind: 'STRUCT', name: `structure_${group}`, size: MEMBERS * 8, kindFlag: false, members });
    builder.add({ kind: 'TYPEDEF', name: `structure_${group}_t`, type: id });
    builder.add({ kind: 'PTR', type: id });
    const values = [0n, 1n].map((value) => ({ name: `VALUE_OF_${group}_${value}`, value }));
    builder.add({ kind: 'ENUM', name: `enumeration_${group}`, size: 4, signed: false, values });
  }
  writeFileSync(path, builder.bytes());
}

const COMPILERS = ['clang', 'clang-19', 'clang-14'];

/** Compiles an object whose data has so many bytes. False where there is no clang. */
export function writeLargeObject(path: string, bytes: number): boolean {
  const source = `
    #define SEC(name) __attribute__((section(name), used))
    char large[${bytes}] = { 1 };
    SEC("socket") int first(void *ctx) { return large[77]; }
    char LICENSE[] SEC("license") = "GPL";`;
  const args = ['-O2', '-g', '-target', 'bpf', '-x', 'c', '-c', '-', '-o', path];
  return COMPILERS.some((clang) => spawnSync(clang, args, { input: source }).status === 0);
}
