import { mapCreate, mapFreeze, mapUpdateElem } from '../../native/bpf.js';
import type { Fd } from '../../native/fd.js';
import type { Instructions } from '../asm/instructions.js';
import { BPF_PSEUDO_BTF_ID, BPF_PSEUDO_KFUNC_CALL, BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE, CALL, INSN_SIZE } from '../asm/opcode.js';
import { ParseError } from '../bytes/cursor.js';
import { MapType } from '../kernel/enums.gen.js';
import type { LinkedProgram } from '../object/link.js';
import type { Relocation } from '../object/spec.js';
import type { MapInKernel } from './maps.js';
import type { LoadPlan } from './plan.js';

/** Helpers that do not exist, whose numbers say what is missing: libbpf's, which tools look for in the verifier's log. */
export const MISSING_MAP = 2_001_000_000;
export const MISSING_KFUNC = 2_002_000_000;

const JUMP_TABLE_ENTRY = 8;
/** struct bpf_insn_array_value. */
const INSN_ARRAY_VALUE = 16;

/**
 * Writes descriptors of maps, addresses and types of the kernel into the instructions that wait for them. What is not there becomes an invalid call,
 * which matters only when the program can get to it. Jump tables are made on the way, and handed to `keep`.
 */
export function fillIn(program: LinkedProgram, plan: LoadPlan, maps: readonly (MapInKernel | undefined)[], keep: (fd: Fd) => void): void {
  const { instructions: code } = program;
  const tables = new Map<number, Fd>();
  for (const relocation of program.relocations) {
    const at = relocation.instruction;
    switch (relocation.kind) {
      case 'map':
        fillMap(code, at, relocation.map, maps, BPF_PSEUDO_MAP_FD);
        break;
      case 'data':
        code.setImm(at + 1, (code.imm(at) + relocation.offset + arenaOffset(plan, relocation.map)) | 0);
        fillMap(code, at, relocation.map, maps, BPF_PSEUDO_MAP_VALUE);
        break;
      case 'extern':
        fillExtern(code, at, relocation.extern, plan, maps);
        break;
      case 'kfunc':
        fillCall(code, at, relocation.extern, plan);
        break;
      case 'jump table':
        fillJumpTable(program, relocation, plan, tables, keep);
        break;
    }
  }
}

function arenaOffset({ spec, arenaOffset }: LoadPlan, map: number): number {
  return spec.maps[map]!.type === MapType.ARENA ? arenaOffset : 0;
}

function fillMap(code: Instructions, at: number, index: number, maps: readonly (MapInKernel | undefined)[], pseudo: number): void {
  const map = maps[index];
  if (!map) return invalidate(code, at, 2, MISSING_MAP + index);
  code.setSrc(at, pseudo);
  code.setImm(at, map.fd.number);
}

function fillExtern(
  code: Instructions,
  at: number,
  index: number,
  { spec, externs }: LoadPlan,
  maps: readonly (MapInKernel | undefined)[],
): void {
  const extern = spec.externs[index]!;
  const resolved = externs[index];
  if (extern.kind === 'kconfig') {
    const map = spec.maps.findIndex(({ kind }) => kind === 'kconfig');
    code.setImm(at + 1, extern.offset);
    fillMap(code, at, map, maps, BPF_PSEUDO_MAP_VALUE);
  } else if (resolved?.kind === 'type') {
    code.setSrc(at, BPF_PSEUDO_BTF_ID);
    code.setImm(at, resolved.id);
    code.setImm(at + 1, resolved.module?.fd.number ?? 0);
  } else {
    code.setImm64(at, resolved?.kind === 'address' ? resolved.address : 0n);
  }
}

function fillCall(code: Instructions, at: number, index: number, { externs, modules }: LoadPlan): void {
  const resolved = externs[index];
  if (resolved?.kind !== 'type') return invalidate(code, at, 1, MISSING_KFUNC + index);
  code.setSrc(at, BPF_PSEUDO_KFUNC_CALL);
  code.setImm(at, resolved.id);
  code.setOff(at, resolved.module ? modules.indexOf(resolved.module) + 1 : 0);
}

function invalidate(code: Instructions, at: number, slots: number, helper: number): void {
  for (let slot = at; slot < at + slots; slot++) code.set(slot, { code: CALL, dst: 0, src: 0, off: 0, imm: helper });
}

type JumpTable = Extract<Relocation, { kind: 'jump table' }>;

/** A jump table is a map of instructions, of one program. Since 6.19. */
function fillJumpTable(program: LinkedProgram, table: JumpTable, plan: LoadPlan, tables: Map<number, Fd>, keep: (fd: Fd) => void): void {
  const { instructions: code } = program;
  let map = tables.get(table.offset);
  if (!map) {
    map = createJumpTable(jumpTargets(program, table, plan));
    keep(map);
    tables.set(table.offset, map);
  }
  code.setSrc(table.instruction, BPF_PSEUDO_MAP_VALUE);
  code.setImm(table.instruction, map.number);
  code.setOff(table.instruction, 0);
}

/** Instructions of the whole program; the file counts bytes in the section that the function is in. */
export function jumpTargets({ spec, parts }: LinkedProgram, { offset, size, instruction }: JumpTable, plan: LoadPlan): number[] {
  const fail = (reason: string): never => {
    throw new ParseError(`program ${spec.name}, jump table`, offset, reason);
  };
  const table = plan.spec.jumpTables ?? fail('there are no jump tables in the file');
  if (offset % JUMP_TABLE_ENTRY !== 0 || size % JUMP_TABLE_ENTRY !== 0) fail(`${size} bytes are no table`);
  if (offset + size > table.length) fail(`${size} bytes reach beyond the tables`);
  const part = parts.findLast((candidate) => candidate.offset <= instruction)!;
  const view = new DataView(table.buffer, table.byteOffset + offset, size);
  return Array.from({ length: size / JUMP_TABLE_ENTRY }, (_, i) => {
    const target = Number(view.getBigUint64(i * JUMP_TABLE_ENTRY, true)) / INSN_SIZE - part.fn.offset + part.offset;
    return target >= 0 && target <= 0xffffffff ? Math.floor(target) : fail(`entry ${i} leads out of the program`);
  });
}

function createJumpTable(targets: readonly number[]): Fd {
  const map = mapCreate({
    map_type: MapType.INSN_ARRAY,
    map_name: '.jumptables',
    key_size: 4,
    value_size: INSN_ARRAY_VALUE,
    max_entries: targets.length,
  });
  try {
    for (const [index, target] of targets.entries()) {
      const value = new Uint8Array(INSN_ARRAY_VALUE);
      new DataView(value.buffer).setUint32(0, target, true);
      mapUpdateElem(map.number, new Uint8Array(Uint32Array.of(index).buffer), value);
    }
    mapFreeze(map.number);
    return map;
  } catch (error) {
    map[Symbol.dispose]();
    throw error;
  }
}
