// Maps that hold a struct of the kernel's whose functions are programs (struct_ops).
import { objGetInfoBytes, progGetFdById } from '../../native/bpf.js';
import { sizeOf } from '../btf/resolve.js';
import { signature } from '../btf/signature.js';
import { compileFormatter, type ValueFormatter } from '../btf/value.js';
import { UsageError } from '../errors.js';
import { MapType } from '../kernel/enums.gen.js';
import { kernelsOwn } from '../map/formats.js';
import { BpfMap } from '../map/map.js';
import { nameInBtf, readProgramInfo } from '../program/info.js';
import { vmlinuxBtf } from '../system/kernel-btf.js';

const VALUE_PREFIX = 'bpf_struct_ops_';
// The only one.
const KEY = new Uint8Array(4);

/** All struct_ops maps, with that name if one is given, opened for reading. The caller disposes of each. */
export function* structOpsMaps(name?: string): Generator<BpfMap> {
  for (const map of BpfMap.all('read')) {
    if (map.info.type === MapType.STRUCT_OPS && (name === undefined || map.name === name)) yield map;
    else map[Symbol.dispose]();
  }
}

/** The struct_ops map with this id, opened for reading. A map of another type throws a {@link UsageError}. */
export function structOpsMap(id: number): BpfMap {
  const map = BpfMap.fromId(id, 'read');
  if (map.info.type === MapType.STRUCT_OPS) return map;
  map[Symbol.dispose]();
  throw new UsageError(`${map.title} is no struct_ops map`);
}

/** What the kernel calls the struct that a map holds: `tcp_congestion_ops`. */
export function structNameOf(map: BpfMap): string {
  const name = valueTypeName(map);
  return name.startsWith(VALUE_PREFIX) ? name.slice(VALUE_PREFIX.length) : name;
}

function valueTypeName({ info }: BpfMap): string {
  const type = kernelsOwn(info.btfVmlinuxId).type(info.btfVmlinuxValueTypeId);
  return 'name' in type ? type.name : '';
}

/** A record of the kernel with what prints it. */
export interface KernelRecord {
  /** The name of its struct in the kernel. */
  readonly name: string;
  readonly view: DataView;
  readonly formatter: ValueFormatter;
}

/** What the kernel says on a map, and the struct in it, both laid out as the running kernel's own types have them. */
export function structOpsRecords(map: BpfMap): KernelRecord[] {
  return [mapInfoRecord(map), valueRecord(map)];
}

function mapInfoRecord(map: BpfMap): KernelRecord {
  const name = 'bpf_map_info';
  const btf = vmlinuxBtf();
  const id = btf.find(name, 'STRUCT');
  if (id === undefined) throw new Error(`the kernel's types have no struct ${name}`);
  return { name, view: viewOf(objGetInfoBytes(map.fd, sizeOf(btf, id))), formatter: compileFormatter(btf, id) };
}

function valueRecord(map: BpfMap): KernelRecord {
  const btf = kernelsOwn(map.info.btfVmlinuxId);
  const value = map.lookup(KEY);
  if (!value) throw new Error(`${map.title} holds nothing`);
  const functionPointer = (prototype: number, program: number) => functionText(signature(btf, prototype), program);
  return {
    name: valueTypeName(map),
    view: viewOf(value),
    formatter: compileFormatter(btf, map.info.btfVmlinuxValueTypeId, { functionPointer }),
  };
}

/** A function of the struct with the program that stands for it: `u32 (struct sock *) hold/prog_id:7`. */
function functionText(prototype: string | undefined, program: number): string | undefined {
  if (prototype === undefined) return undefined;
  return program === 0 ? `${prototype} 0` : `${prototype} ${programName(program) ?? '<unknown_prog_name>'}/prog_id:${program}`;
}

function programName(id: number): string | undefined {
  try {
    using fd = progGetFdById(id);
    return nameInBtf(fd.number, readProgramInfo(fd.number));
  } catch {
    // Gone, or not ours to open.
    return undefined;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
