import { BPF_JEQ, BPF_JSET, BPF_RSH } from '../../asm/opcode.js';
import { MapType } from '../../kernel/enums.gen.js';
import { mapType } from '../../kernel/map-types.js';
import type { MapSpec } from '../../object/spec.js';
import { R } from './assembler.js';
import { attribute, BTF_LOAD, Command, MAP_CREATE, MAP_FREEZE, MAP_UPDATE, PROG_LOAD } from './attributes.js';
import { ExternResolver, findType, type LightExtern } from './externs.js';
import { Context, Helper, type LoaderWriter, Stack } from './loader-writer.js';

/** A program as it is loaded. Infos and relocations are records of the kernel's layout. */
export interface LightProgram {
  readonly name: string;
  readonly type: number;
  readonly attachType: number;
  readonly flags: number;
  readonly instructions: Uint8Array;
  readonly funcInfo: Records;
  readonly lineInfo: Records;
  readonly coreRelos: Records;
  readonly externs: readonly LightExtern[];
  /** The type of the kernel that it attaches to, and the number of its kind. */
  readonly target: { readonly name: string; readonly kind: number } | undefined;
}

export interface Records {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly count: number;
}

/** Flag of struct bpf_loader_ctx: first values are in the kernel's memory, not in a process's. */
const BPF_SKEL_KERNEL = 1;

export function loadTypes(writer: LoaderWriter, btf: Uint8Array): void {
  const types = writer.add(btf);
  const attr = writer.add(attribute(BTF_LOAD, { btf_size: btf.length }));
  copyLog(writer, attr, BTF_LOAD);
  writer.storeAddress(attr + BTF_LOAD.btf, types);
  writer.command(Command.BTF_LOAD, attr, BTF_LOAD.size);
  writer.checkStatus();
  writer.code.store(4, R.STACK, R.STATUS, Stack.btf);
}

/**
 * @param index undefined for the kind of maps that a map of maps holds: it is made only to be shown to the kernel
 * @param fixed whether the map is as large as the loader says, whatever its context says
 */
export function createMap(writer: LoaderWriter, map: MapSpec, index: number | undefined, fixed: boolean): void {
  if (map.inner) createMap(writer, map.inner, undefined, fixed);
  const typed = mapType(map.type).typed;
  const attr = writer.add(mapAttribute(map, typed));
  if (typed && map.valueTypeId !== 0) writer.copyFromStack(attr + MAP_CREATE.btf_fd, Stack.btf);
  const isOuter = map.type === MapType.ARRAY_OF_MAPS || map.type === MapType.HASH_OF_MAPS;
  if (isOuter) writer.copyFromStack(attr + MAP_CREATE.inner_map_fd, Stack.innerMap);
  if (index !== undefined && !fixed)
    writer.copyFromContext(attr + MAP_CREATE.max_entries, Context.map(index) + Context.max_entries, 4, true);
  writer.command(Command.MAP_CREATE, attr, MAP_CREATE.size);
  writer.checkStatus();
  if (index === undefined) writer.code.store(4, R.STACK, R.STATUS, Stack.innerMap);
  else {
    writer.code.address(R.A1, writer.fdPlace(index));
    writer.code.store(4, R.A1, R.STATUS, 0);
  }
  if (isOuter) writer.closeOnStack(Stack.innerMap);
}

function mapAttribute(map: MapSpec, typed: boolean): Uint8Array {
  const bytes = attribute(
    MAP_CREATE,
    {
      map_type: map.type,
      key_size: map.keySize,
      value_size: map.valueSize,
      max_entries: map.maxEntries,
      map_flags: map.flags,
      numa_node: map.numaNode,
      btf_key_type_id: typed ? map.keyTypeId : 0,
      btf_value_type_id: typed ? map.valueTypeId : 0,
    },
    { at: MAP_CREATE.map_name, text: map.name },
  );
  new DataView(bytes.buffer).setBigUint64(MAP_CREATE.map_extra, map.mapExtra, true);
  return bytes;
}

/** Gives a map of data its first value: what the context points at, unless it is `fixed`, or else what is in the loader. */
export function setContents(writer: LoaderWriter, index: number, contents: Uint8Array, fixed: boolean): void {
  const value = writer.add(contents);
  const key = writer.reserve(4);
  if (!fixed) copyGivenContents(writer, index, value, contents.length);
  update(writer, index, writer.reserve(MAP_UPDATE.size), key, value);
}

function copyGivenContents({ code }: LoaderWriter, index: number, value: number, length: number): void {
  code.load(8, R.A3, R.CONTEXT, Context.map(index) + Context.initial_value);
  code.jumpIf(BPF_JEQ, R.A3, 0, 8);
  code.address(R.A1, value);
  code.set(R.A2, length);
  code.load(4, R.RESULT, R.CONTEXT, Context.flags);
  code.jumpIf(BPF_JSET, R.RESULT, BPF_SKEL_KERNEL, 2);
  code.call(Helper.copy_from_user);
  code.jump(1);
  code.call(Helper.probe_read_kernel);
}

/** Puts a map into a map of maps. */
export function setSlot(writer: LoaderWriter, outer: number, slot: number, inner: number): void {
  const key = writer.add(new Uint8Array(Uint32Array.of(slot).buffer));
  update(writer, outer, writer.reserve(MAP_UPDATE.size), key, writer.fdPlace(inner));
}

function update(writer: LoaderWriter, map: number, attr: number, key: number, value: number): void {
  writer.copy(attr + MAP_UPDATE.map_fd, writer.fdPlace(map), 4);
  writer.storeAddress(attr + MAP_UPDATE.key, key);
  writer.storeAddress(attr + MAP_UPDATE.value, value);
  writer.command(Command.MAP_UPDATE_ELEM, attr, MAP_UPDATE.size);
  writer.checkStatus();
}

export function freeze(writer: LoaderWriter, index: number): void {
  const attr = writer.reserve(MAP_FREEZE.size);
  writer.copy(attr + MAP_FREEZE.map_fd, writer.fdPlace(index), 4);
  writer.command(Command.MAP_FREEZE, attr, MAP_FREEZE.size);
  writer.checkStatus();
}

/**
 * @param index its number among the programs that are loaded
 * @returns the place in the data of the address of its instructions, which is there from when its turn comes
 */
export function loadProgram(writer: LoaderWriter, program: LightProgram, license: string, index: number): number {
  const { code } = writer;
  const { funcInfo, lineInfo, coreRelos, target } = program;
  const places = {
    license: writer.addText(license).place,
    insns: writer.add(program.instructions),
    func_info: writer.add(funcInfo.bytes),
    line_info: writer.add(lineInfo.bytes),
    core_relos: writer.add(coreRelos.bytes),
  };
  const attr = writer.add(programAttribute(program));
  for (const [field, place] of Object.entries(places)) writer.storeAddress(attr + PROG_LOAD[field as keyof typeof places], place);
  writer.storeAddress(attr + PROG_LOAD.fd_array, 0);
  copyLog(writer, attr, PROG_LOAD);
  writer.copyFromStack(attr + PROG_LOAD.prog_btf_fd, Stack.btf);
  if (target) {
    findType(writer, target.name, target.kind);
    writer.checkStatus();
    code.address(R.RESULT, attr);
    code.store(4, R.RESULT, R.STATUS, PROG_LOAD.attach_btf_id);
    code.alu(BPF_RSH, R.STATUS, 32);
    code.store(4, R.RESULT, R.STATUS, PROG_LOAD.attach_btf_obj_fd);
  }
  const externs = new ExternResolver(writer, places.insns);
  for (const extern of program.externs) externs.resolve(extern);
  writer.command(Command.PROG_LOAD, attr, PROG_LOAD.size);
  externs.close();
  if (target) writer.close(attr + PROG_LOAD.attach_btf_obj_fd);
  writer.checkStatus();
  code.store(4, R.STACK, R.STATUS, Stack.program(index));
  return attr + PROG_LOAD.insns;
}

function programAttribute(program: LightProgram): Uint8Array {
  const { funcInfo, lineInfo, coreRelos } = program;
  return attribute(
    PROG_LOAD,
    {
      prog_type: program.type,
      insn_cnt: program.instructions.length / 8,
      prog_flags: program.flags,
      expected_attach_type: program.attachType,
      func_info_rec_size: funcInfo.size,
      func_info_cnt: funcInfo.count,
      line_info_rec_size: lineInfo.size,
      line_info_cnt: lineInfo.count,
      // What is found in the kernel takes its place.
      attach_btf_id: program.target ? 1 : 0,
      core_relo_cnt: coreRelos.count,
      core_relo_rec_size: coreRelos.size,
    },
    { at: PROG_LOAD.prog_name, text: program.name },
  );
}

function copyLog(writer: LoaderWriter, attr: number, fields: typeof BTF_LOAD | typeof PROG_LOAD): void {
  writer.copyFromContext(attr + fields.log_level, Context.log_level, 4);
  writer.copyFromContext(attr + fields.log_size, Context.log_size, 4);
  writer.copyFromContext(attr + fields.log_buf, Context.log_buf, 8);
}

/** Hands over the descriptors: of programs from the stack, of maps from the data. */
export function finish(writer: LoaderWriter, programs: number, maps: number): void {
  const { code } = writer;
  writer.closeOnStack(Stack.btf);
  for (let i = 0; i < programs; i++) {
    code.load(4, R.RESULT, R.STACK, Stack.program(i));
    code.store(4, R.CONTEXT, R.RESULT, Context.map(maps) + i * 4);
  }
  for (let i = 0; i < maps; i++) writer.copyToContext(Context.map(i) + Context.map_fd, writer.fdPlace(i));
  code.set(R.RESULT, 0);
  code.exit();
}
