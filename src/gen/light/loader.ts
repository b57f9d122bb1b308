import { BPF_PSEUDO_BTF_ID, BPF_PSEUDO_KFUNC_CALL, BPF_PSEUDO_MAP_IDX, BPF_PSEUDO_MAP_IDX_VALUE } from '../../asm/opcode.js';
import type { Btf } from '../../btf/btf.js';
import { encodeFuncInfo, encodeLineInfo, FUNC_INFO_SIZE, LINE_INFO_SIZE } from '../../btf/info.js';
import { BTF_KINDS } from '../../btf/types.js';
import { UsageError } from '../../errors.js';
import { AttachType, MapType, ProgType } from '../../kernel/enums.gen.js';
import { type LinkedProgram, linkProgram } from '../../object/link.js';
import type { MapSpec, ObjectSpec, ProgramSpec } from '../../object/spec.js';
import { createMap, finish, freeze, type LightProgram, loadProgram, loadTypes, type Records, setContents, setSlot } from './commands.js';
import type { LightExtern } from './externs.js';
import { LoaderWriter } from './loader-writer.js';

/** A program that loads an object, and the data that it works on. */
export interface LightLoader {
  readonly instructions: Uint8Array;
  readonly data: Uint8Array;
  /** Places in the data that are zero until the turn of a map (its descriptor, of 4 bytes) or a program (of 8 bytes) comes, in the order of each. */
  readonly marks: { readonly maps: readonly number[]; readonly programs: readonly number[] };
}

/** What makes a loader fit to be signed: who signs it then knows what it does. */
export interface LightLoaderOptions {
  /** Nothing but what is in the loader counts: neither sizes nor first values of maps that its context has. */
  readonly fixed?: boolean;
  /** SHA-256, with which the loader checks that its data is what it was made with. Kernels from 6.18 to 7.2 leave that to the loader. */
  readonly hash?: ((data: Uint8Array) => Uint8Array) | undefined;
}

const BPF_F_SLEEPABLE = 1 << 4;
const BPF_F_XDP_HAS_FRAGS = 1 << 5;
const CORE_RELO_SIZE = 16;

/** What the names of types that programs attach to begin with, and their kinds (btf_get_kernel_prefix_kind of libbpf). */
const TARGETS: Readonly<Record<number, readonly [prefix: string, kind: 'TYPEDEF' | 'FUNC']>> = {
  [AttachType.TRACE_RAW_TP]: ['btf_trace_', 'TYPEDEF'],
  [AttachType.LSM_MAC]: ['bpf_lsm_', 'FUNC'],
  [AttachType.LSM_CGROUP]: ['bpf_lsm_', 'FUNC'],
  [AttachType.TRACE_ITER]: ['bpf_iter_', 'FUNC'],
};

/**
 * The loader program of a light skeleton: it loads the object's types, makes its maps and loads its programs by itself, without libbpf. CO-RE relocations
 * and references to the kernel's functions and variables are resolved when it runs.
 *
 * @param spec with sizes of maps, and values of the kernel's configuration, as they are to be
 * @throws UsageError when there is something in the object that such a program cannot do; ParseError when it is malformed
 */
export function lightLoader(spec: ObjectSpec, { fixed = false, hash }: LightLoaderOptions = {}): LightLoader {
  if (!spec.littleEndian) throw new UsageError('a light skeleton of an object for big-endian machines is not possible here');
  const { btf } = spec;
  const writer = new LoaderWriter(spec.programs.length + spec.subprograms.length, spec.maps.length);
  if (hash) writer.checkData();
  if (btf) loadTypes(writer, btf.bytes);
  for (const [index, map] of spec.maps.entries()) writeMap(writer, map, index, fixed);
  const strings = btf && new StringOffsets(btf);
  const programs = spec.programs.filter(({ autoload }) => autoload);
  const marks = programs.map((program, index) => loadProgram(writer, lightProgram(spec, program, strings), spec.license, index));
  finish(writer, programs.length, spec.maps.length);
  const data = writer.data();
  if (hash) writer.fillDataHash(hash(data));
  return {
    instructions: writer.code.bytes(),
    data,
    marks: { maps: spec.maps.map((_, index) => writer.fdPlace(index)), programs: marks },
  };
}

function writeMap(writer: LoaderWriter, map: MapSpec, index: number, fixed: boolean): void {
  const { kind } = map;
  const refuse = (reason: string) => {
    throw new UsageError(`map ${map.name}: a light skeleton cannot ${reason}`);
  };
  if (map.type === MapType.STRUCT_OPS) refuse('have struct_ops');
  if (map.pinByName) refuse('pin maps');
  if (map.type === MapType.PROG_ARRAY && map.slots.length > 0) refuse('fill program arrays');
  if (map.type === MapType.ARENA && map.contents) refuse('have variables in an arena');
  createMap(writer, map, index, fixed);
  if (kind !== undefined && kind !== 'arena') setContents(writer, index, map.contents ?? new Uint8Array(map.valueSize), fixed);
  if (kind === 'rodata' || kind === 'kconfig') freeze(writer, index);
  for (const [slot, inner] of map.slots.entries()) if (inner !== undefined) setSlot(writer, index, slot, inner);
}

function lightProgram(spec: ObjectSpec, program: ProgramSpec, strings: StringOffsets | undefined): LightProgram {
  const { name, type, attachType, flags } = program;
  if (type === ProgType.UNSPEC) throw new UsageError(`program ${name}: its section ${program.section} says nothing on its type`);
  const linked = linkProgram(spec, program, ({ instructions }) => ({ instructions, unresolved: new Map() }));
  const { funcInfo, lineInfo } = linked;
  return {
    name,
    type,
    attachType: flags.includes('USDT') ? AttachType.TRACE_UPROBE_MULTI : attachType,
    flags: (flags.includes('SLEEPABLE') ? BPF_F_SLEEPABLE : 0) | (flags.includes('XDP_FRAGS') ? BPF_F_XDP_HAS_FRAGS : 0),
    externs: fillIn(spec, linked),
    instructions: linked.instructions.bytes,
    funcInfo: records(funcInfo, encodeFuncInfo, FUNC_INFO_SIZE),
    lineInfo: records(lineInfo, encodeLineInfo, LINE_INFO_SIZE),
    coreRelos: coreRelos(linked, strings),
    target: targetOf(program),
  };
}

function records<T>(list: readonly T[] | undefined, encode: (list: readonly T[]) => Uint8Array, size: number): Records {
  return { bytes: encode(list ?? []), size: list ? size : 0, count: list?.length ?? 0 };
}

function targetOf({ name, section, type, attachType, flags, target }: ProgramSpec): LightProgram['target'] {
  if (!flags.includes('ATTACH_BTF')) return undefined;
  if (type === ProgType.EXT) throw new UsageError(`program ${name}: a light skeleton cannot replace functions of other programs`);
  if (!target) throw new UsageError(`program ${name}: its section ${section} does not say what it attaches to`);
  const [prefix, kind] = TARGETS[attachType] ?? ['', 'FUNC'];
  return { name: prefix + target, kind: BTF_KINDS.indexOf(kind) };
}

/** Writes indexes of maps into the instructions that wait for them; gives the externs that are left to the loader. */
function fillIn(spec: ObjectSpec, { instructions: code, relocations, spec: program }: LinkedProgram): LightExtern[] {
  const externs: LightExtern[] = [];
  for (const relocation of relocations) {
    const { instruction: at } = relocation;
    switch (relocation.kind) {
      case 'map':
        code.setSrc(at, BPF_PSEUDO_MAP_IDX);
        code.setImm(at, relocation.map);
        break;
      case 'data':
        code.setSrc(at, BPF_PSEUDO_MAP_IDX_VALUE);
        code.setImm(at + 1, (code.imm(at) + relocation.offset) | 0);
        code.setImm(at, relocation.map);
        break;
      case 'kfunc':
        code.setSrc(at, BPF_PSEUDO_KFUNC_CALL);
        code.setImm(at, 0);
        code.setOff(at, 0);
        externs.push(externOf(spec, relocation.extern, at, 'call'));
        break;
      case 'extern': {
        const extern = spec.externs[relocation.extern]!;
        if (extern.kind === 'kconfig') {
          code.setSrc(at, BPF_PSEUDO_MAP_IDX_VALUE);
          code.setImm(
            at,
            spec.maps.findIndex(({ kind }) => kind === 'kconfig'),
          );
          code.setImm(at + 1, extern.offset);
          break;
        }
        if (extern.typeId !== 0) code.setSrc(at, BPF_PSEUDO_BTF_ID);
        code.setImm64(at, 0n);
        externs.push(externOf(spec, relocation.extern, at, extern.typeId === 0 ? 'typeless' : 'typed'));
        break;
      }
      default:
        throw new UsageError(`program ${program.name}: a light skeleton cannot have jump tables`);
    }
  }
  return externs;
}

function externOf(spec: ObjectSpec, index: number, instruction: number, use: LightExtern['use']): LightExtern {
  const extern = spec.externs[index]!;
  const isFunction = use === 'call' || (extern.kind === 'ksym' && extern.isFunction);
  return { name: extern.name, weak: extern.weak, instruction, use, kind: isFunction ? 'FUNC' : 'VAR' };
}

/** Records of struct bpf_core_relo, counted from the program's start. */
function coreRelos({ parts }: LinkedProgram, strings: StringOffsets | undefined): Records {
  const words = parts.flatMap(({ fn, offset }) => {
    const sorted = [...fn.coreRelocations].sort((a, b) => a.instruction - b.instruction);
    return sorted.map(({ instruction, typeId, access, kind }) => [(offset + instruction) * 8, typeId, strings!.of(access), kind]);
  });
  const bytes = new Uint8Array(Uint32Array.from(words.flat()).buffer);
  return { bytes, size: CORE_RELO_SIZE, count: words.length };
}

/** Where strings are in some BTF, by their text. */
class StringOffsets {
  readonly #offsets = new Map<string, number>();

  constructor({ strings }: Btf) {
    for (let offset = strings.start; offset < strings.end; offset = strings.start + strings.bytes.indexOf(0, offset - strings.start) + 1) {
      const text = strings.at(offset);
      if (!this.#offsets.has(text)) this.#offsets.set(text, offset);
    }
  }

  of(text: string): number {
    return this.#offsets.get(text) ?? 0;
  }
}
