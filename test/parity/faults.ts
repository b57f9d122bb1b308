// What the reference prints wrong, or what bpf-ts says on purpose in other words: the one list. Everything else has to be equal, byte for byte.

/** One thing in which the two tools may differ. */
export interface Fault {
  readonly reason: string;
  /** The command lines that it is about, without options. */
  readonly command: RegExp;
  /** Only where this holds for what the reference printed, or how it ended. */
  readonly when?: (theirs: Printed) => boolean;
  /** Takes out of both texts what differs. Missing: nothing of the texts is compared. */
  readonly without?: (text: string) => string;
  /** The reference ends with another status although it did the same. */
  readonly status?: boolean;
  /** It shows only with some kernels or builds of the reference. */
  readonly elsewhere?: boolean;
  /** The first version of the reference (as 708) that is right; missing: none is. */
  readonly fixedIn?: number;
}

/** How a command line ended. */
export interface Printed {
  readonly status: number;
  readonly out: string;
}

const JSON_FIELD = (name: string) => new RegExp(`,\\s*"${name}": ?(\\[[^\\]]*\\]|"[^"]*"|-?\\d+)`, 'g');

export const FAULTS: readonly Fault[] = [
  {
    reason: 'link show of one link ends with 255 although it succeeds',
    command: /^link (show|list) (id|pinned)/,
    when: ({ out }) => out !== '' && !out.includes('"error"'),
    without: (text) => text,
    status: true,
  },
  {
    reason: 'who holds an object: a reference without skeletons does not know, and one with them is a holder itself',
    command: /^((prog|map|link|btf) (show|list)|batch)/,
    elsewhere: true,
    without: (text) =>
      text
        .replace(/\n\tpids .*/g, '')
        .replace(/ {2}pids .*/g, '')
        .replace(JSON_FIELD('pids'), ''),
  },
  {
    reason: 'maps without BTF are listed with the BTF of the map before them',
    command: /^map (show|list)$/,
    without: (text) =>
      text
        .replace(/\n\tbtf_id \d+(?=\n| {2}frozen)/g, '')
        .replace(/\n\tfrozen/g, '  frozen')
        .replace(JSON_FIELD('btf_id'), ''),
  },
  {
    reason: 'names of functions that a cgroup program does not attach to are printed, empty',
    command: /^cgroup (show|tree|list)/,
    without: (text) =>
      text.replace(JSON_FIELD('attach_btf_name'), '').replace(JSON_FIELD('attach_btf_obj_id'), '').replace(JSON_FIELD('attach_btf_id'), ''),
  },
  {
    reason: 'flow dissectors make the JSON of net show invalid',
    command: /^net (show|list)/,
    when: ({ out }) => /"flow_dissector": ?\[\s*"id"/.test(out),
  },
  {
    reason: 'floating-point numbers cannot be printed',
    command: /^map (dump|lookup)/,
    without: (text) => text.replace(/\(unsupported-kind\)?/g, '0'),
  },
  { reason: 'errors are sentences of our own', command: /./, when: ({ status }) => status !== 0 },
  {
    reason:
      'what is not there ends with minus ENOENT, a refused detach with 1; bpf-ts has 255 for every error but those of map (docs/exit-status.md)',
    command: /^(link (show|detach)|btf dump)/,
    when: ({ status }) => status !== 0 && status !== 255,
    status: true,
  },
  { reason: 'a number above 255 wraps around, here to another key; bpf-ts refuses it', command: /^map lookup .* 300/, status: true },
  { reason: 'nothing attached to a cgroup: an empty line, which is no JSON', command: /^cgroup show/, when: ({ out }) => out === '\n' },
  {
    reason: 'gen and iter with JSON end with an empty line, which is no JSON',
    command: /^(gen (object|min_core_btf)|iter pin)/,
    when: ({ out }) => out === '\n',
  },
  {
    reason: 'maps that cannot be listed: a sentence instead of no elements',
    command: /^map dump/,
    when: ({ out }) => /Found 0 elements|^\[\]/.test(out),
    status: true,
  },
  { reason: 'help and version are of another tool', command: /^(help|version|\w+ help)/ },
  {
    reason: 'how long a run takes is another thing each time',
    command: /^prog run/,
    without: (text) => text.replace(/(duration[^:]*: ?)\d+(ns)?/g, '$1'),
  },
  {
    reason: 'Debian builds it without a disassembler',
    command: /^prog dump jited/,
    elsewhere: true,
    when: ({ out, status }) => status !== 0 || /No JIT disassembly/.test(out),
    status: true,
  },
  {
    reason: 'with JSON an empty line follows what is no JSON',
    command: /^gen (skeleton|subskeleton)/,
    without: (text) => text.replace(/\n+$/, '\n'),
  },
];
