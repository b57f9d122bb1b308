import type { AttachTypeName, LinkTypeName, ProgTypeName } from '../kernel/names.js';

export type { AttachTypeName, LinkTypeName, ProgTypeName };

/**
 * What a section asks of the loader beside its types, in libbpf's words (its `enum sec_def_flags`):
 * - `ATTACHABLE`, `ATTACHABLE_OPT`: programs of the BPF_PROG_ATTACH family; `_OPT` says that the expected attach type may be left out
 *   on a kernel (before 4.17) that does not know the field;
 * - `ATTACH_BTF`: what it attaches to is named by a BTF id, of the kernel, a module or another program;
 * - `SLEEPABLE`: loaded with BPF_F_SLEEPABLE; `XDP_FRAGS`: loaded with BPF_F_XDP_HAS_FRAGS;
 * - `USDT`: loaded with TRACE_UPROBE_MULTI as expected attach type where the kernel has it.
 */
export type SectionFlag = 'ATTACHABLE' | 'ATTACHABLE_OPT' | 'ATTACH_BTF' | 'SLEEPABLE' | 'XDP_FRAGS' | 'USDT';

/** A name of an ELF section that means this hook. */
export interface Section {
  /** The whole name, or with `+` at its end a name that may be followed by `/` and what the hook attaches to. */
  readonly name: string;
  /** The expected attach type programs of this section are loaded with; none is 0, whatever that number means elsewhere. */
  readonly attach?: AttachTypeName;
  readonly flags?: readonly SectionFlag[];
}

/** What kind of thing a hook attaches to, which decides what has to be said beside the section. */
export type TargetKind =
  | 'interface'
  | 'cgroup'
  | 'network namespace'
  | 'map'
  | 'socket'
  | 'tracepoint'
  | 'kernel function'
  | 'user function'
  | 'iterator'
  | 'perf event'
  | 'program'
  | 'netfilter'
  | 'route'
  | 'device'
  | 'none';

/** A place in the kernel where programs are attached: which sections mean it, which program it takes, and what to ask the kernel for. */
export interface Hook {
  readonly name: string;
  readonly program: ProgTypeName;
  /** The type of the link that attaching gives, where there is a link. */
  readonly link?: LinkTypeName;
  readonly target: TargetKind;
  /** The first kernel in which programs of this hook attach, such as `6.6`. */
  readonly since: string;
  readonly sections: readonly Section[];
  /** Whether the section alone can say what to attach to, so that loading with `autoattach` attaches it. */
  readonly autoAttach?: boolean;
}
