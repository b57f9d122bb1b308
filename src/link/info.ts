// What a link is, as data (struct bpf_link_info).

/** A function that a kprobe_multi link runs at. */
export interface ProbedFunction {
  readonly address: bigint;
  readonly cookie: bigint;
}

/** A place in a file that a uprobe_multi link runs at. Offsets are in bytes of the file. */
export interface ProbedPlace {
  readonly offset: bigint;
  readonly refCtrOffset: bigint;
  readonly cookie: bigint;
}

/** What a perf_event link runs at. The kernel tells since 6.6; before that it is `unknown`. */
export type PerfLinkTarget =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'event'; readonly type: number; readonly config: bigint; readonly cookie: bigint }
  | { readonly kind: 'tracepoint'; readonly name: string; readonly cookie: bigint }
  | {
      readonly kind: 'kprobe' | 'kretprobe';
      readonly address: bigint;
      readonly func: string;
      readonly offset: number;
      readonly missed: bigint;
      readonly cookie: bigint;
    }
  | {
      readonly kind: 'uprobe' | 'uretprobe';
      readonly file: string;
      readonly offset: number;
      readonly cookie: bigint;
      readonly refCtrOffset: bigint;
    };

/** What a link is attached to, by the type of the link. Attach types are numbers of enum bpf_attach_type. */
export type LinkTarget =
  | { readonly type: 'raw_tracepoint'; readonly tpName: string; readonly cookie: bigint }
  | {
      readonly type: 'tracing';
      readonly attachType: number;
      readonly targetObjId: number;
      readonly targetBtfId: number;
      readonly cookie: bigint;
    }
  | { readonly type: 'cgroup'; readonly cgroupId: bigint; readonly attachType: number }
  | {
      readonly type: 'iter';
      readonly targetName: string;
      readonly mapId: number;
      readonly tid: number;
      readonly pid: number;
      readonly cgroupId: bigint;
      readonly order: number;
    }
  | { readonly type: 'netns'; readonly netnsIno: number; readonly attachType: number }
  | { readonly type: 'xdp'; readonly ifindex: number }
  | { readonly type: 'struct_ops'; readonly mapId: number }
  | { readonly type: 'netfilter'; readonly pf: number; readonly hook: number; readonly priority: number; readonly flags: number }
  | { readonly type: 'kprobe_multi'; readonly retprobe: boolean; readonly missed: bigint; readonly functions: readonly ProbedFunction[] }
  | {
      readonly type: 'uprobe_multi';
      readonly retprobe: boolean;
      readonly path: string;
      readonly pid: number;
      readonly places: readonly ProbedPlace[];
    }
  | { readonly type: 'perf_event'; readonly event: PerfLinkTarget }
  | { readonly type: 'tcx' | 'netkit'; readonly ifindex: number; readonly attachType: number }
  | { readonly type: 'sockmap'; readonly mapId: number; readonly attachType: number }
  | { readonly type: 'unknown' };

/** A link as the kernel describes it. `type` is a number of enum bpf_link_type; the program's id is 0 for struct_ops. */
export interface LinkInfo {
  readonly id: number;
  readonly type: number;
  readonly progId: number;
  readonly target: LinkTarget;
}
