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

const NO_HELPERS_OF_TRACING = /(?<=program type tracing:\n)\t.*\n/;

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
    reason: 'run-time statistics, which somebody may have turned on, go on being counted',
    command: /^(prog (show|list)|batch)/,
    elsewhere: true,
    without: (text) =>
      text
        .replace(/ run_time_ns \d+ run_cnt \d+/g, '')
        .replace(JSON_FIELD('run_time_ns'), '')
        .replace(JSON_FIELD('run_cnt'), ''),
  },
  {
    reason: 'batch fails after commands that succeeded, when a call of theirs left an errno behind',
    command: /^batch/,
    elsewhere: true,
    when: ({ status }) => status === 255,
    status: true,
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
  {
    reason: 'atomic operations on arenas have no name before the bpftool of Linux 7',
    command: /^prog dump xlated/,
    when: ({ out }) => /BUG_[0-9a-f]{2}/.test(out),
    without: (text) => text.replace(/BUG_([0-9a-f]{2})|\(([0-9a-f]{2})\) probe (?:(?!\\l)[^"\n])*/g, '$1$2'),
    // Not every 7.8 lacks them.
    elsewhere: true,
  },
  {
    reason: 'in the graph of a program with several functions each begins with the signature and the source lines of the first',
    command: /^prog dump xlated .* visual/,
    without: (text) => text.replace(/; [^\n]*\n/g, ''),
  },
  {
    reason: 'in the graph the names of functions that are called are cut, and with them the end of the line',
    command: /^prog dump xlated .* visual/,
    // Only of long names.
    elsewhere: true,
    without: (text) => text.replace(/(call pc[+-]\d+)#\w*(\\l\\\n)?/g, '$1'),
  },
  {
    reason: 'a subskeleton of an object with variables in an arena is empty, and that a success',
    command: /^gen subskeleton/,
    elsewhere: true,
    when: ({ out, status }) => status === 0 && out === '',
  },
  {
    reason:
      'light skeletons crash it, or fail after half a header, where an object has struct_ops, variables in an arena or maps that pin themselves',
    command: /^gen skeleton/,
    when: ({ status }) => status < 0 || status === 242,
    status: true,
  },
  {
    reason: 'tracing programs are not found by attaching one to a function, where only that cannot be done',
    command: /^feature probe/,
    elsewhere: true,
    without: (text) =>
      text
        .replace(/^.*program_type tracing.*$|^.*_TRACING_PROG_TYPE$|"have_tracing_prog_type": ?\w+/gm, '')
        .replace(NO_HELPERS_OF_TRACING, ''),
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

/** Lines of failures.ts that end with another status on purpose, by what the reference does there. */
export const OTHER_STATUS: Readonly<Record<string, readonly string[]>> = {
  'it succeeds, and does not look at what is wrong': [
    'perf show more',
    'iter pin {iterator} {dir}/ignored nosuch',
    'prog load {object} {dir}/ignored-types kernel_btf /nonexistent',
    'prog load {object} {dir}/ignored-bad kernel_btf {files}/packet',
  ],
  'it crashes': ['btf dump id {btf} root_id', 'btf dump id {btf} root_id 1 root_id'],
  'it takes a folder or a device for a file, and goes on with what it reads of it': [
    'prog run id {xdp} data_in {files}',
    'btf dump file /dev/zero',
  ],
  'it takes the key 0 out of a map that has keys: that is what delete is for': ['map pop id {hash}', 'map pop id {array}'],
  'it asks the kernel where a word is missing on the line': ['iter pin {elements} {dir}/none-elements'],
  'it knows no names of types': ['btf show nosuch'],
  'an executable is no object as others are: 161 in place of 234': ['gen object {files}/none.o /bin/true'],
};
