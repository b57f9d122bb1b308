import type { Fd } from '../../native/fd.js';
import type { Btf } from '../btf/btf.js';
import type { FeatureSet } from '../probe/features.js';

/** The types that a program is loaded with instead of its section's. */
export interface ProgramTypes {
  /** enum bpf_prog_type. */
  readonly type: number;
  /** enum bpf_attach_type. */
  readonly attachType: number;
}

/** How an object is loaded. All of it may be left out. */
export interface LoadOptions {
  /** The kernel types that CO-RE relocations are resolved against, instead of the running kernel's and its modules'. */
  readonly kernelBtf?: Btf | undefined;
  /** The programs to load, by name, optional ones among them; all but the optional ones otherwise. */
  readonly only?: readonly string[] | undefined;
  /** Types of programs by name; `*` stands for all others. */
  readonly types?: ReadonlyMap<string, ProgramTypes> | undefined;
  /** The programs that `freplace` programs, and tracing programs of programs, attach to: descriptors by the name of the attaching program. */
  readonly attachPrograms?: ReadonlyMap<string, number> | undefined;
  /** Maps to be used in place of the object's own, by their index in the spec. They are duplicated; the caller keeps its own. */
  readonly reuse?: ReadonlyMap<number, { duplicate(): Fd }> | undefined;
  /** Where maps are pinned that ask for it by name; `/sys/fs/bpf` by default. */
  readonly pinRoot?: string | undefined;
  /** The whole verifier log, also of programs that load: 1 or 2 for its detail, + 4 for statistics. Without it a refusal has the end of its log. */
  readonly logLevel?: number | undefined;
  /** Takes the log of each program that loaded, when `logLevel` asks for one. */
  readonly onLog?: ((program: string, log: string) => void) | undefined;
  /** Takes remarks that are no failure: a map made without its BTF, say. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** The bpffs to get a BPF token from; `''` for none. By default one is tried to be got from `/sys/fs/bpf`. */
  readonly tokenPath?: string | undefined;
  /** What the kernel has, where it is not to be asked: to load as into an older one. */
  readonly features?: FeatureSet | undefined;
  /** Lines `CONFIG_X=y` that come before the kernel's configuration. */
  readonly kconfig?: string | undefined;
  /** The interface whose driver is to run (`offload`), or whose metadata (`metadata`) programs are to know. */
  readonly device?: { readonly ifindex: number; readonly use: 'offload' | 'metadata' } | undefined;
}
