import { Btf } from '../btf/btf.js';
import type { FuncInfo } from '../btf/info.js';
import { skipModifiers, skipTypedefs } from '../btf/resolve.js';
import { type BtfDeclTag, type BtfFunc, Linkage } from '../btf/types.js';
import { ProgType } from '../kernel/enums.gen.js';
import type { ProgTypeName } from '../kernel/names.js';
import { BtfEditor, infoWord, Word } from './btf-editor.js';

const TAG = 'arg:ctx';

/** The structs that programs get as their context, by kind of program. Others have none with a name. */
const CONTEXTS: Partial<Record<ProgTypeName, string>> = {
  CGROUP_DEVICE: 'bpf_cgroup_dev_ctx',
  CGROUP_SKB: '__sk_buff',
  CGROUP_SOCK: 'bpf_sock',
  CGROUP_SOCK_ADDR: 'bpf_sock_addr',
  CGROUP_SOCKOPT: 'bpf_sockopt',
  CGROUP_SYSCTL: 'bpf_sysctl',
  FLOW_DISSECTOR: '__sk_buff',
  KPROBE: 'bpf_user_pt_regs_t',
  LWT_IN: '__sk_buff',
  LWT_OUT: '__sk_buff',
  LWT_SEG6LOCAL: '__sk_buff',
  LWT_XMIT: '__sk_buff',
  NETFILTER: 'bpf_nf_ctx',
  PERF_EVENT: 'bpf_perf_event_data',
  RAW_TRACEPOINT: 'bpf_raw_tracepoint_args',
  RAW_TRACEPOINT_WRITABLE: 'bpf_raw_tracepoint_args',
  SCHED_ACT: '__sk_buff',
  SCHED_CLS: '__sk_buff',
  SK_LOOKUP: 'bpf_sk_lookup',
  SK_MSG: 'sk_msg_md',
  SK_REUSEPORT: 'sk_reuseport_md',
  SK_SKB: '__sk_buff',
  SOCK_OPS: 'bpf_sock_ops',
  SOCKET_FILTER: '__sk_buff',
  XDP: 'xdp_md',
};

const CONTEXT_OF = new Map(Object.entries(CONTEXTS).map(([type, name]) => [ProgType[type as ProgTypeName] as number, name]));

/** What is known of a program's functions. */
export interface ProgramFunctions {
  /** enum bpf_prog_type. */
  readonly type: number;
  readonly funcInfo: readonly FuncInfo[] | undefined;
}

/** Whether any argument is marked as the context. */
export function hasContextTags(btf: Btf): boolean {
  return contextTags(btf).length > 0;
}

/**
 * Types for kernels (before 6.8) that know the context among the arguments of a global function only by its type, not by the tag `arg:ctx`: the function is
 * given a second time, with that type. What to give as each program's function information is the second result.
 */
export function fixContextArguments(
  btf: Btf,
  programs: readonly ProgramFunctions[],
): { btf: Btf; funcInfos: (readonly FuncInfo[] | undefined)[] } {
  const editor = new BtfEditor(btf);
  const tags = contextTags(btf);
  const funcInfos = programs.map(({ type, funcInfo }) => {
    const context = CONTEXT_OF.get(type);
    return funcInfo && context ? new ContextFix(btf, editor, type, context).apply(tags, funcInfo) : funcInfo;
  });
  return { btf: Btf.parse(editor.bytes(), { what: btf.what }), funcInfos };
}

function contextTags(btf: Btf): BtfDeclTag[] {
  return [...btf.ids('DECL_TAG')].map((id) => btf.type(id) as BtfDeclTag).filter(({ name }) => name === TAG);
}

/** One program's functions: they get their context as a pointer to the struct of this kind of program. */
class ContextFix {
  #pointer: number | undefined;

  constructor(
    readonly btf: Btf,
    readonly editor: BtfEditor,
    readonly type: number,
    readonly context: string,
  ) {}

  apply(tags: readonly BtfDeclTag[], funcInfo: readonly FuncInfo[]): readonly FuncInfo[] {
    const clones = new Map<number, number>();
    const used = new Set(funcInfo.map(({ typeId }) => typeId));
    for (const tag of tags) if (used.has(tag.type)) this.#fix(tag, clones);
    return funcInfo.map((info) => ({ ...info, typeId: clones.get(info.typeId) ?? info.typeId }));
  }

  #fix({ type: id, componentIndex }: BtfDeclTag, clones: Map<number, number>): void {
    const { btf, editor } = this;
    const fn = btf.type(id);
    if (fn.kind !== 'FUNC' || fn.linkage !== Linkage.GLOBAL) return;
    const proto = btf.type(fn.type);
    const param = proto.kind === 'FUNC_PROTO' ? proto.params[componentIndex] : undefined;
    if (!param || !this.#isNeeded(param.type)) return;
    const clone = clones.get(id) ?? this.#clone(id, fn);
    clones.set(id, clone);
    this.#pointer ??= this.#addPointer();
    editor.addType([editor.addString(TAG), infoWord('DECL_TAG'), clone, componentIndex]);
    editor.setWord(editor.word(clone, Word.SIZE_OR_TYPE), Word.TAIL + componentIndex * 2 + 1, this.#pointer);
  }

  /** Whether the kernel would take the argument for another thing; an argument that no program can take for its context is left as it is. */
  #isNeeded(paramType: number): boolean {
    const { btf, type, context } = this;
    const pointer = btf.type(skipTypedefs(btf, paramType));
    if (pointer.kind !== 'PTR') return false;
    const direct = btf.type(skipModifiers(btf, pointer.type));
    const byTypedef = type === ProgType.KPROBE || type === ProgType.PERF_EVENT;
    if (byTypedef && direct.kind === 'TYPEDEF' && direct.name === 'bpf_user_pt_regs_t') return false;
    const target = btf.type(skipTypedefs(btf, pointer.type));
    if (target.kind === 'VOID') return true;
    if (target.kind === 'STRUCT' && target.name !== context) return byTypedef && isRegisters(target.name, type);
    const isRaw = type === ProgType.RAW_TRACEPOINT || type === ProgType.RAW_TRACEPOINT_WRITABLE;
    return isRaw && target.kind === 'INT' && target.size === 8;
  }

  #clone(id: number, fn: BtfFunc): number {
    const { editor } = this;
    const proto = editor.addType(this.#words(fn.type, Word.TAIL + editor.vlen(fn.type) * 2));
    const words = this.#words(id, Word.TAIL);
    words[Word.SIZE_OR_TYPE] = proto;
    return editor.addType(words);
  }

  #words(id: number, count: number): number[] {
    return Array.from({ length: count }, (_, word) => this.editor.word(id, word));
  }

  #addPointer(): number {
    const { editor, context } = this;
    const struct = editor.addType([editor.addString(context), infoWord('STRUCT'), 0]);
    return editor.addType([0, infoWord('PTR'), struct]);
  }
}

/** What bpf_user_pt_regs_t is: on x86-64 struct pt_regs, on arm64 struct user_pt_regs. Programs of both kinds name the former. */
function isRegisters(name: string, type: number): boolean {
  return name === 'pt_regs' || (type === ProgType.PERF_EVENT && name === 'user_pt_regs');
}
