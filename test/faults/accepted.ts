// What looks wrong and is right: each with its reason, which docs/reliability.md tells.
import { comparable, type Met } from './judge.js';

/** A command may print less, or otherwise, where what it cannot have is not what it was asked for. */
interface Lesser {
  readonly why: string;
  /** Commands, by their titles, and the calls that may fail in them. */
  readonly of: RegExp;
  readonly calls: RegExp;
  /** What may be missing, or there instead. */
  readonly less?: RegExp;
  readonly instead?: RegExp;
}

export const LESSER: readonly Lesser[] = [
  {
    why: 'paths of pins and processes that hold an object are told as far as they can be found',
    of: /^(prog|map|link|btf|perf|struct_ops) show$/,
    calls: /BPF_OBJ_GET,|OBJ_GET_INFO|mounts|fdinfo|\/proc|bpf-ts-/,
    less: /^\s+(pinned|pids|\d+:|\/).*\n|,"(pinned|pids)":\[.*?\]/gm,
  },
  {
    why: 'the memory of an object, which only fdinfo tells, is left out where that cannot be read',
    of: /^batch$/,
    calls: /fdinfo/,
    less: / {2}memlock \d+B/g,
  },
  {
    why: 'without /proc/kallsyms functions have no names',
    of: /^prog dump$/,
    calls: /kallsyms/,
    less: /0x[0-9a-f]+|bpf_\w+(#\d+)?|#\d+/g,
  },
  {
    why: 'programs that may not be opened have no names',
    of: /^struct_ops dump$/,
    calls: /PROG_GET_FD_BY_ID|OBJ_GET_INFO/,
    less: /<unknown_prog_name>|\w+(?=\/prog_id)/g,
  },
  {
    why: 'of what may not be opened a graph has the number alone',
    of: /^graph$/,
    calls: /GET_FD_BY_ID|OBJ_GET_INFO/,
    less: /(?<=(?:map|program|link|btf) \d+) .*/g,
  },
  {
    why: 'an interface whose name cannot be had is shown by its index',
    of: /^link (show|attach)$/,
    calls: /^(socket|ioctl)/,
    less: /near\(\d+\)|near|\(unknown\)/g,
  },
  {
    why: 'a graph has pins, processes and their names as far as they can be found',
    of: /^graph$/,
    calls: /BPF_OBJ_GET,|mounts|fdinfo|\/proc|bpf-ts-/,
    less: /[│├└─ ]*(held by process|pinned at) .*\n|[│├└─]+/g,
  },
  {
    why: 'elements whose types cannot be had are shown as bytes',
    of: /^(struct_ops|map) (dump|lookup|getnext|pop|peek|watch|diff)$/,
    calls: /anon_inode:btf|BTF_GET_FD_BY_ID|btf/,
    instead: /^key:|"(key|bpf_map_info)":|\b00\b/m,
  },
];

/** Whether a command that failed may leave all that it was asked for: the commands of a file are run as they are read, and what they did is done. */
export function mayBeDone({ each, call }: Met): boolean {
  return each.of === 'batch' && /^read \d+<.*\/folder\/commands>/.test(`${call.name} ${call.text}`);
}

/** Whether what is printed is the same but for what may be missing. */
export function isLesser({ each, call, outcome, out }: Met): boolean {
  const { out: got } = outcome;
  return LESSER.some(({ of, calls, less, instead }) => {
    if (!of.test(each.of) || !calls.test(`${call.name} ${call.text}`)) return false;
    return instead?.test(got) ?? comparable(got.replace(less!, '')) === comparable(out.replace(less!, ''));
  });
}
