import type { Btf } from '../btf/btf.js';
import type { FuncInfo, LineInfo } from '../btf/info.js';
import type { Hook, SectionFlag } from '../hook/hook.js';

/**
 * An object file as plain data: what it asks to be created, with nothing of the machine it was read on in it. Programs, maps and externs refer to each
 * other by index.
 */
export interface ObjectSpec {
  /** At most 15 characters: the file's name up to its first dot. It begins the names of data maps. */
  readonly name: string;
  readonly license: string;
  /** From a `version` section, as kernels before 5.0 wanted it of kprobe programs: major << 16 | minor << 8 | patch. */
  readonly kernelVersion: number | undefined;
  readonly littleEndian: boolean;
  /** Entry programs, in the order of their sections and of their place in them. */
  readonly programs: readonly ProgramSpec[];
  /** Functions of `.text`, which are appended to the programs that use them. In the order of their place. */
  readonly subprograms: readonly FunctionSpec[];
  /** Declared maps, then those of data sections, kconfig and struct_ops. */
  readonly maps: readonly MapSpec[];
  readonly externs: readonly ExternSpec[];
  /** The object's types, completed: sizes and offsets of data sections, and externs as the kernel takes them. */
  readonly btf: Btf | undefined;
  /** Whether the kernel has to take the BTF: struct_ops maps cannot do without. */
  readonly needsBtf: boolean;
  /** Whether any CO-RE relocation is in it, also of functions that are not loaded. */
  readonly hasCoreRelocations: boolean;
  /** Contents of `.jumptables`: 64-bit byte offsets into a section. */
  readonly jumpTables: Uint8Array | undefined;
  /** The loader's remarks on what was passed over, each a sentence. */
  readonly notes: readonly string[];
}

/** A piece of code of the object, with all that has to be done to it before the kernel can take it. */
export interface FunctionSpec {
  readonly name: string;
  /** Without a leading `?`. */
  readonly section: string;
  readonly sectionIndex: number;
  /** Its place in the section, in instructions. */
  readonly offset: number;
  /** As in the file; not to be changed. */
  readonly instructions: Uint8Array;
  /** By ascending instruction. */
  readonly relocations: readonly Relocation[];
  readonly coreRelocations: readonly CoreRelocation[];
  /** Undefined when .BTF.ext says nothing on its section. Offsets count instructions from the function's start. */
  readonly funcInfo: readonly FuncInfo[] | undefined;
  readonly lineInfo: readonly LineInfo[] | undefined;
  /** Not static. */
  readonly global: boolean;
  /** Global with hidden visibility: the verifier is to see it as static, with what it knows of the caller. */
  readonly hidden: boolean;
}

/** A program with an entry of its own. */
export interface ProgramSpec extends FunctionSpec {
  /** Undefined when the section says nothing: then `type` is 0, and has to be given for loading. */
  readonly hook: Hook | undefined;
  /** enum bpf_prog_type. */
  readonly type: number;
  /** enum bpf_attach_type, 0 where the section asks for none. */
  readonly attachType: number;
  readonly flags: readonly SectionFlag[];
  /** False for sections that begin with `?`: loaded only when asked for. */
  readonly autoload: boolean;
  /** What the section says to attach to, the text after its `/`. */
  readonly target: string | undefined;
}

/** A reference of one instruction; `instruction` counts from the function's start. */
export type Relocation =
  /** A map itself. */
  | { readonly kind: 'map'; readonly instruction: number; readonly map: number }
  /** An address in a map's value (or arena): the symbol's `offset` and what the instruction holds. */
  | { readonly kind: 'data'; readonly instruction: number; readonly map: number; readonly offset: number }
  /** Address or value of an extern. */
  | { readonly kind: 'extern'; readonly instruction: number; readonly extern: number }
  /** A call of a kernel function. */
  | { readonly kind: 'kfunc'; readonly instruction: number; readonly extern: number }
  /** A call, or the address, of a function of `.text`; `offset` in bytes is the symbol's. */
  | { readonly kind: 'call' | 'address'; readonly instruction: number; readonly offset: number }
  /** A jump table: `size` bytes from `offset` of `.jumptables`. */
  | { readonly kind: 'jump table'; readonly instruction: number; readonly offset: number; readonly size: number };

/** A relocation against the types of the running kernel (struct bpf_core_relo); `access` is such as `0:1:2`. */
export interface CoreRelocation {
  readonly instruction: number;
  readonly typeId: number;
  readonly access: string;
  /** enum bpf_core_relo_kind. */
  readonly kind: number;
  /** Its place among all of the object. They are resolved in this order: a type that has matched one is preferred for the next. */
  readonly order: number;
}

/** What a map is made from, where it is not declared by the program. `arena` is a declared map, whose globals `contents` are. */
export type MapKind = 'data' | 'rodata' | 'bss' | 'kconfig' | 'struct_ops' | 'arena';

/** A map to be created. Sizes are in bytes. */
export interface MapSpec {
  /** As users name it; the kernel gets its first 15 characters. */
  readonly name: string;
  readonly kind: MapKind | undefined;
  /** The ELF section it is from. */
  readonly section: string;
  /** enum bpf_map_type. */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly numaNode: number;
  readonly mapExtra: bigint;
  /** Pinned below the root of the bpffs by its name, and shared with who did so before. */
  readonly pinByName: boolean;
  /** The kind of maps that a map of maps holds. */
  readonly inner: MapSpec | undefined;
  /** Initial entries by index: maps (map of maps) or programs (prog array). */
  readonly slots: readonly (number | undefined)[];
  /** Ids in the object's BTF; 0 for none. */
  readonly keyTypeId: number;
  readonly valueTypeId: number;
  /** The first value, or the arena's globals. Undefined: zeros. */
  readonly contents: Uint8Array | undefined;
  readonly structOps: StructOpsSpec | undefined;
  /** False for struct_ops sections that begin with `?`. */
  readonly autocreate: boolean;
}

/** The struct of functions that a struct_ops map holds. */
export interface StructOpsSpec {
  /** The struct's type in the object's BTF. */
  readonly typeId: number;
  /** Index of the program by index of the member. */
  readonly programs: readonly (number | undefined)[];
}

export type KconfigType = 'char' | 'bool' | 'int' | 'tristate' | 'string';

/** A value of the kernel's configuration, at `offset` of the `.kconfig` map. */
export interface KconfigExtern {
  readonly kind: 'kconfig';
  readonly name: string;
  /** May be missing: then it is zero. */
  readonly weak: boolean;
  readonly type: KconfigType;
  readonly size: number;
  readonly offset: number;
  readonly signed: boolean;
}

/** A kernel variable or function. */
export interface KsymExtern {
  readonly kind: 'ksym';
  readonly name: string;
  /** May be missing: then its address is zero, and calls of it are refused only when they are reached. */
  readonly weak: boolean;
  readonly isFunction: boolean;
  /** Its type in the object's BTF, without modifiers; 0 for a variable that was declared as void. */
  readonly typeId: number;
}

export type ExternSpec = KconfigExtern | KsymExtern;
