// What type the records of a map in the kernel have, as far as the types of the programs that use it tell.
import type { Btf } from '../btf/btf.js';
import { sizeOf } from '../btf/resolve.js';
import { UsageError } from '../errors.js';
import type { BpfMap } from '../map/map.js';
import { eventCandidates, findEventType } from '../object/events.js';
import { Program } from '../program/program.js';
import { vmlinuxBtf } from '../system/kernel-btf.js';
import { loadedBtf } from '../system/loaded-btf.js';
import { RecordDecoder } from './record-decoder.js';

/**
 * A decoder for the records of a map by the type that is named, which is looked for among the types of the map, of the programs that use it, and of the
 * kernel; without a name by the struct that is called as an event is. Undefined when there is no such type.
 *
 * @throws UsageError when the type that is named is nowhere
 */
export function decoderFor(map: BpfMap, name?: string): RecordDecoder | undefined {
  const own = ownTypes(map);
  return name === undefined ? guessed(map, own) : named(map, own, name);
}

function named(map: BpfMap, own: readonly Btf[], name: string): RecordDecoder {
  for (const btf of [...own, ...kernelTypes()]) {
    const id = findEventType(btf, name);
    if (id !== undefined) return new RecordDecoder(btf, [id]);
  }
  throw new UsageError(`neither ${map.title}, nor a program that uses it, nor the kernel has a struct called ${name}`);
}

function guessed(map: BpfMap, own: readonly Btf[]): RecordDecoder | undefined {
  for (const btf of own) {
    const types = eventCandidates(btf, map.name, (id) => isKernels(btf, id));
    if (types.length > 0) return new RecordDecoder(btf, types);
  }
  return undefined;
}

/** A struct that the kernel has under this name: the program only looks into it. A program's own is seldom of the same size. */
function isKernels(btf: Btf, id: number): boolean {
  return kernelTypes().some((kernel) => {
    const same = kernel.find(btf.name(id), 'STRUCT');
    return same !== undefined && sizeOf(kernel, same) === sizeOf(btf, id);
  });
}

function kernelTypes(): readonly Btf[] {
  try {
    return [vmlinuxBtf()];
  } catch {
    return [];
  }
}

/** The BTF of the map, and of the programs that use it, without those that may not be read. */
function ownTypes({ id, info }: BpfMap): readonly Btf[] {
  const ids = new Set(info.btfId === 0 ? [] : [info.btfId]);
  for (const program of Program.all()) {
    using user = program;
    if (user.info.mapIds.includes(id) && user.info.btfId !== 0) ids.add(user.info.btfId);
  }
  return [...ids].flatMap((btf) => readable(btf));
}

function readable(id: number): Btf[] {
  try {
    return [loadedBtf(id)];
  } catch {
    return [];
  }
}
