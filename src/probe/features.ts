import { linkCreate, mapCreate, objGetInfo, progBindMap, progLoad } from '../../native/bpf.js';
import { isErrno, isShortage, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { cText } from '../../native/memory.js';
import { perfEventOpen } from '../../native/perf.js';
import { askSystemCall, systemCall } from '../../native/system.js';
import { BTF_INFO, Command } from '../../native/uapi.js';
import { type Instruction, Instructions } from '../asm/instructions.js';
import { BPF_ADD, BPF_ALU64, BPF_DW, BPF_MEM, BPF_PSEUDO_CALL, BPF_PSEUDO_MAP_VALUE, BPF_ST, CALL, LD_IMM64 } from '../asm/opcode.js';
import { encodeFuncInfo } from '../btf/info.js';
import { cString } from '../bytes/text.js';
import { AttachType, Flag, MapType, ProgType } from '../kernel/enums.gen.js';
import { isOlderThan } from '../system/kernel-version.js';
import { probeSource } from '../system/perf-sources.js';
import { INT, loadWords, record } from './minimal-btf.js';
import { callHelper, EXIT_INSN, moveImmediate, moveRegister } from './programs.js';

/** What the loader wants to know of a kernel. Each is found out by trying. */
export type Feature = keyof typeof FEATURES;

/** Says what the kernel has. Tests give the loader one of their own. */
export interface FeatureSet {
  has(feature: Feature): boolean;
}

/** What a kernel may have been built without, or a machine may lack: its version says nothing. */
export const NOT_EVERYWHERE: ReadonlySet<Feature> = new Set<Feature>([
  'probeReadKernel',
  'perfLink',
  'cookie',
  'syscallWrapper',
  'uprobeMultiLink',
  'argCtxTag',
  'uprobeSyscall',
]);

/**
 * Asks the running kernel, each thing once and only when it matters. A kernel new enough is believed to have what no configuration leaves out; an
 * older one is asked, since distributions port features back.
 */
export class KernelFeatures implements FeatureSet {
  readonly #known = new Map<Feature, boolean>();

  /** `token` is the descriptor of a BPF token, 0 for none; with `believing` false the version counts for nothing. */
  constructor(
    readonly token = 0,
    readonly believing = true,
  ) {}

  has(feature: Feature): boolean {
    let answer = this.#known.get(feature);
    if (answer === undefined) {
      answer = this.#isCertain(feature) || attempt(() => FEATURES[feature].probe(this.token));
      this.#known.set(feature, answer);
    }
    return answer;
  }

  #isCertain(feature: Feature): boolean {
    return this.believing && !NOT_EVERYWHERE.has(feature) && !isOlderThan(FEATURES[feature].since);
  }
}

/** A kernel that refuses a probe lacks the feature, whatever its reason. */
function attempt(probe: () => boolean): boolean {
  try {
    return probe();
  } catch (error) {
    if (error instanceof SyscallError && !isShortage(error)) return false;
    throw error;
  }
}

interface FeatureProbe {
  /** In words, as `this kernel lacks ...`. */
  readonly name: string;
  readonly since: string;
  readonly probe: (token: number) => boolean;
}

const HELPER = { probe_read_kernel: 113, ktime_get_coarse_ns: 160, get_func_ip: 173, get_attach_cookie: 174 } as const;
const TRIVIAL = [moveImmediate(0, 0), EXIT_INSN];
const NO_DESCRIPTOR = -1 >>> 0;

/** The probes of libbpf's features.c, with the kernels that have what they look for. */
// biome-ignore format: one probe a line
export const FEATURES = {
  progName: { name: 'names of programs and maps', since: '4.15', probe: (t) => loads(t, 'SOCKET_FILTER', TRIVIAL, { prog_name: 'probe' }) },
  globalData: { name: 'global variables', since: '5.2', probe: probeGlobalData },
  btf: { name: 'BTF', since: '4.18', probe: (t) => takesTypes(t, INT(1), 'int') },
  btfFunc: { name: 'BTF of functions', since: '5.0', probe: (t) => takesTypes(t, [...INT(1), ...PROTO, ...record('FUNC', 5, 2)], 'int\0x\0a') },
  btfGlobalFunc: { name: 'BTF of global functions', since: '5.6', probe: (t) => takesTypes(t, [...INT(1), ...PROTO, ...record('FUNC', 5, 2, [], 1)], 'int\0x\0a') },
  btfDatasec: { name: 'BTF of data sections', since: '5.2', probe: (t) => takesTypes(t, dataSection(3), 'x\0.data') },
  btfQmarkDatasec: { name: 'BTF of optional data sections', since: '6.9', probe: (t) => takesTypes(t, dataSection(3), 'x\0?.data') },
  btfFloat: { name: 'BTF of floating point', since: '5.13', probe: (t) => takesTypes(t, record('FLOAT', 1, 4), 'float') },
  btfDeclTag: { name: 'BTF of declaration tags', since: '5.16', probe: (t) => takesTypes(t, [...INT(), ...record('VAR', 1, 1, [0]), ...record('DECL_TAG', 1, 2, [-1])], 'tag') },
  btfTypeTag: { name: 'BTF of type tags', since: '5.17', probe: (t) => takesTypes(t, [...INT(), ...record('TYPE_TAG', 1, 1), ...record('PTR', 0, 2)], 'tag') },
  btfEnum64: { name: 'BTF of 64-bit enums', since: '6.0', probe: (t) => takesTypes(t, record('ENUM64', 1, 8), 'enum64') },
  btfLayout: { name: 'BTF that describes its kinds', since: '7.1', probe: (t) => takesTypes(t, INT(1), 'int', [0, 4]) },
  moduleBtf: { name: 'BTF of modules', since: '5.11', probe: probeModuleBtf },
  arrayMmap: { name: 'mapping of arrays', since: '5.5', probe: (t) => closed(createMap(t, 'ARRAY', 4, Flag.BPF_F_MMAPABLE)) },
  expectedAttachType: { name: 'the expected attach type of programs', since: '4.17', probe: (t) => loads(t, 'CGROUP_SOCK', TRIVIAL, { expected_attach_type: AttachType.CGROUP_INET_SOCK_CREATE }) },
  probeReadKernel: { name: 'bpf_probe_read_kernel', since: '5.5', probe: (t) => loads(t, 'TRACEPOINT', READ_KERNEL) },
  progBindMap: { name: 'maps bound to programs', since: '5.10', probe: probeBindMap },
  perfLink: { name: 'links of perf events', since: '5.15', probe: probePerfLink },
  memcgAccount: { name: 'memory counted by cgroups', since: '5.11', probe: (t) => loads(t, 'SOCKET_FILTER', [callHelper(HELPER.ktime_get_coarse_ns), EXIT_INSN]) },
  cookie: { name: 'cookies of attachments', since: '5.15', probe: (t) => loads(t, 'TRACEPOINT', [callHelper(HELPER.get_attach_cookie), EXIT_INSN]) },
  syscallWrapper: { name: 'system call wrappers', since: '4.17', probe: probeSyscallWrapper },
  uprobeMultiLink: { name: 'links of many uprobes', since: '6.6', probe: probeUprobeMulti },
  argCtxTag: { name: 'the tag arg:ctx', since: '6.8', probe: probeArgCtxTag },
  ldimm64FullRange: { name: 'large offsets into arenas', since: '7.0', probe: probeFullRange },
  uprobeSyscall: { name: 'the system call uprobe', since: '6.18', probe: () => process.arch === 'x64' && askSystemCall(UPROBE_SYSCALL) === -ENXIO },
  commonAttrs: { name: 'common attributes of bpf(2)', since: '7.1', probe: probeCommonAttributes },
} as const satisfies Record<string, FeatureProbe>;

const UPROBE_SYSCALL = 336;
const ENXIO = 6;
const PROTO = record('FUNC_PROTO', 0, 0, [7, 1], 1);
const READ_KERNEL: readonly Instruction[] = [
  moveRegister(1, 10),
  { code: BPF_ALU64 | BPF_ADD, dst: 1, src: 0, off: 0, imm: -8 },
  moveImmediate(2, 8),
  moveImmediate(3, 0),
  callHelper(HELPER.probe_read_kernel),
  EXIT_INSN,
];

type LoadAttributes = Partial<Parameters<typeof progLoad>[0]>;

function load(token: number, type: keyof typeof ProgType, code: readonly Instruction[], more: LoadAttributes = {}): Fd {
  const { bytes, length } = Instructions.of(code);
  return progLoad({
    prog_type: ProgType[type],
    insns: bytes,
    insn_cnt: length,
    license: cText('GPL'),
    prog_token_fd: token || undefined,
    prog_flags: token ? Flag.BPF_F_TOKEN_FD : 0,
    ...more,
  });
}

function loads(token: number, type: keyof typeof ProgType, code: readonly Instruction[], more?: LoadAttributes): boolean {
  return closed(load(token, type, code, more));
}

function closed(fd: Fd): true {
  fd[Symbol.dispose]();
  return true;
}

function takesTypes(token: number, words: readonly number[], strings: string, layout?: readonly number[]): boolean {
  return closed(loadWords(words, strings, token, layout));
}

function dataSection(name: number): number[] {
  return [...INT(), ...record('VAR', 1, 1, [0]), ...record('DATASEC', name, 4, [2, 0, 4], 1)];
}

function createMap(token: number, type: keyof typeof MapType, valueSize: number, flags = 0, name = ''): Fd {
  return mapCreate({
    map_name: name,
    map_type: MapType[type],
    key_size: 4,
    value_size: valueSize,
    max_entries: 1,
    map_flags: flags | (token ? Flag.BPF_F_TOKEN_FD : 0),
    map_token_fd: token || undefined,
  });
}

function loadMapValue(map: number, offset: number): Instruction[] {
  return [
    { code: LD_IMM64, dst: 1, src: BPF_PSEUDO_MAP_VALUE, off: 0, imm: map },
    { code: 0, dst: 0, src: 0, off: 0, imm: offset },
  ];
}

function probeGlobalData(token: number): boolean {
  using map = createMap(token, 'ARRAY', 32);
  const store: Instruction = { code: BPF_ST | BPF_MEM | BPF_DW, dst: 1, src: 0, off: 0, imm: 42 };
  return loads(token, 'SOCKET_FILTER', [...loadMapValue(map.number, 16), store, ...TRIVIAL]);
}

function probeBindMap(token: number): boolean {
  using map = createMap(token, 'ARRAY', 32);
  using program = load(token, 'SOCKET_FILTER', TRIVIAL);
  progBindMap(program.number, map.number);
  return true;
}

/** Module BTF came together with names of BTF objects. */
function probeModuleBtf(token: number): boolean {
  using btf = loadWords(INT(1), 'int', token);
  const name = new Uint8Array(16);
  objGetInfo(btf.number, BTF_INFO, { name, name_len: name.length });
  return true;
}

/** A kernel that knows the link looks at the descriptor, which is none. */
function probePerfLink(token: number): boolean {
  using program = load(token, 'TRACEPOINT', TRIVIAL);
  return isRefused(() => linkCreate({ prog_fd: program.number, target_fd: NO_DESCRIPTOR, attach_type: AttachType.PERF_EVENT }), 'EBADF');
}

/** `/` is no file with code (EBADF); kernels that still took pids for threads do not refuse the pid -1 (EINVAL) before they look. */
function probeUprobeMulti(token: number): boolean {
  using program = load(token, 'KPROBE', TRIVIAL, { expected_attach_type: AttachType.TRACE_UPROBE_MULTI });
  const ask = (pid: number) => () =>
    linkCreate({
      prog_fd: program.number,
      target_fd: NO_DESCRIPTOR,
      attach_type: AttachType.TRACE_UPROBE_MULTI,
      'uprobe_multi.path': cText('/'),
      'uprobe_multi.offsets': new Uint8Array(8),
      'uprobe_multi.cnt': 1,
      'uprobe_multi.pid': pid >>> 0,
    });
  return isRefused(ask(0), 'EBADF') && isRefused(ask(-1), 'EINVAL');
}

function isRefused(call: () => Fd, code: string): boolean {
  try {
    closed(call());
    return false;
  } catch (error) {
    if (error instanceof SyscallError) return isErrno(error, code);
    throw error;
  }
}

/** A global function whose argument is the context only by its tag. */
function probeArgCtxTag(token: number): boolean {
  const proto = (name: number) => record('FUNC_PROTO', 0, 1, [name, 2], 1);
  const words = [
    ...INT(1),
    ...record('PTR', 0, 0),
    ...proto(1),
    ...record('FUNC', 1, 3, [], 1),
    ...proto(3),
    ...record('FUNC', 3, 5, [], 1),
    ...record('DECL_TAG', 5, 6, [0]),
  ];
  using btf = loadWords(words, 'a\0b\0arg:ctx', token);
  const info = encodeFuncInfo([
    { instruction: 0, typeId: 4 },
    { instruction: 2, typeId: 6 },
  ]);
  const call: Instruction = { code: CALL, dst: 0, src: BPF_PSEUDO_CALL, off: 0, imm: 1 };
  return loads(token, 'KPROBE', [call, EXIT_INSN, callHelper(HELPER.get_func_ip), EXIT_INSN], {
    prog_btf_fd: btf.number,
    func_info: info,
    func_info_cnt: 2,
    func_info_rec_size: 8,
  });
}

/** Offsets of 1 GiB are beyond every array; older kernels refuse them before they look at the map. Names are libbpf's, for who compares traces. */
function probeFullRange(token: number): boolean {
  using map = createMap(token, 'ARRAY', 1, 0, 'arr');
  const log = new Uint8Array(1024);
  const attributes = { prog_name: 'global_reloc', log_buf: log, log_size: log.length, log_level: 1 };
  return (
    isRefused(() => load(token, 'SOCKET_FILTER', [...loadMapValue(map.number, 1 << 30), EXIT_INSN], attributes), 'EINVAL') &&
    cString(log).includes('invalid access to map value pointer')
  );
}

const PREFIX: Readonly<Record<string, string>> = { x64: 'x64', arm64: 'arm64' };

/** Whether system calls are functions with an architecture's prefix: a kprobe on one can be opened. */
function probeSyscallWrapper(): boolean {
  const type = probeSource('kprobe')?.type;
  const prefix = PREFIX[process.arch];
  if (type === undefined || prefix === undefined) return false;
  return closed(perfEventOpen({ type, kprobe_func: cText(`__${prefix}_sys_bpf`) }, { pid: process.pid, cpu: -1 }));
}

const BPF_COMMON_ATTRS = 1 << 16;
const COMMON_ATTRS_SIZE = 24;

/** A kernel that knows them reads them, from nowhere. */
function probeCommonAttributes(): boolean {
  const attribute = new Uint8Array(168);
  const call = () => systemCall('bpf', Command.PROG_LOAD | BPF_COMMON_ATTRS, attribute, attribute.length, 0, COMMON_ATTRS_SIZE);
  try {
    call();
    return false;
  } catch (error) {
    return isErrno(error, 'EFAULT');
  }
}
