// One function for each command of bpf(2). Each takes the attribute as a sparse object and throws a SyscallError when the kernel refuses.
import { type BatchResult, doneOf } from './batch.js';
import { SyscallError } from './error.js';
import { Fd } from './fd.js';
import { callBpf } from './ffi.js';
import { fieldsAt, type Input, type Layout, type Output, pack, readField, unpack } from './layout.js';
import { Arena, addressOf, cText } from './memory.js';
import { systemCallNumber } from './system.js';
import {
  BTF_LOAD,
  Command,
  ENABLE_STATS,
  GET_ID,
  ITER_CREATE,
  LINK_CREATE,
  LINK_DETACH,
  LINK_UPDATE,
  MAP_BATCH,
  MAP_CREATE,
  MAP_ELEM,
  OBJ,
  OBJ_GET_INFO,
  PROG_ASSOC_STRUCT_OPS,
  PROG_ATTACH,
  PROG_BIND_MAP,
  PROG_LOAD,
  PROG_QUERY,
  PROG_STREAM_READ,
  PROG_TEST_RUN,
  RAW_TRACEPOINT,
  TASK_FD_QUERY,
  TOKEN_CREATE,
} from './uapi.js';

type CommandName = keyof typeof Command;

// One attribute for all calls: they are synchronous, so no two of them are under way at once.
const attribute = new Uint8Array(256);
const attributeView = new DataView(attribute.buffer);
let attributeAddress = 0;
let bpfNumber = 0;

/** Makes the call and gives what the kernel returned: a result from 0 up, or minus the errno. */
function attempt<L extends Layout>(command: CommandName, layout: L, input: Input<L>): number {
  pack(layout, input, attribute);
  // `input` stays reachable to the end of this function, and so do the buffers whose addresses stand in the attribute.
  return submit(command, layout.size);
}

const EINTR = 4;
const ATTEMPTS = 10;
// Here EINTR says what was done: programs were run until a signal came; a batch came so far.
const ENDED_BY_SIGNALS: ReadonlySet<CommandName> = new Set([
  'PROG_TEST_RUN',
  'MAP_LOOKUP_BATCH',
  'MAP_LOOKUP_AND_DELETE_BATCH',
  'MAP_UPDATE_BATCH',
  'MAP_DELETE_BATCH',
]);

/** A call that a signal interrupted before it did anything is made again. */
function submit(command: CommandName, size: number): number {
  attributeAddress ||= addressOf(attribute);
  bpfNumber ||= systemCallNumber('bpf');
  for (let attempt = 1; ; attempt++) {
    const result = callBpf(bpfNumber, Command[command], attributeAddress, size);
    if (result !== -EINTR || attempt === ATTEMPTS || ENDED_BY_SIGNALS.has(command)) return result;
  }
}

function check(command: CommandName, result: number): number {
  if (result < 0) throw new SyscallError(`BPF_${command}`, -result);
  return result;
}

function call<L extends Layout>(command: CommandName, layout: L, input: Input<L>): number {
  return check(command, attempt(command, layout, input));
}

function answer<L extends Layout, K extends keyof L['fields'] & string>(layout: L, field: K) {
  return readField(layout, field, attribute);
}

const ENOENT = 2;

// ---- maps

export function mapCreate(attr: Input<typeof MAP_CREATE>): Fd {
  return new Fd(call('MAP_CREATE', MAP_CREATE, attr));
}

/**
 * One of the commands on an element, made so often that the attribute is written by hand: key, value (or next key) and flags are all there is.
 * False when the kernel says that there is no such element.
 */
function element(
  command: CommandName,
  map: number,
  key: Uint8Array | undefined,
  value: Uint8Array | undefined,
  flags: number | bigint = 0,
): boolean {
  attributeView.setUint32(MAP_ELEM.fields.map_fd[0], map, true);
  writePointer(MAP_ELEM.fields.key[0], key);
  writePointer(MAP_ELEM.fields.value[0], value);
  attributeView.setBigUint64(MAP_ELEM.fields.flags[0], BigInt(flags), true);
  const result = submit(command, MAP_ELEM.size);
  if (result === -ENOENT) return false;
  check(command, result);
  return true;
}

function writePointer(offset: number, bytes: Uint8Array | undefined): void {
  const address = bytes === undefined ? 0 : addressOf(bytes);
  attributeView.setUint32(offset, address % 0x1_0000_0000, true);
  attributeView.setUint32(offset + 4, Math.floor(address / 0x1_0000_0000), true);
}

/** Copies the element into `value`; false when there is none. `value` has the size that the kernel writes (per-CPU maps: all CPUs). */
export function mapLookupElem(map: number, key: Uint8Array | undefined, value: Uint8Array, flags: number | bigint = 0): boolean {
  return element('MAP_LOOKUP_ELEM', map, key, value, flags);
}

/** Writes an element. ENOENT (with the flag BPF_EXIST) is an error here. */
export function mapUpdateElem(map: number, key: Uint8Array | undefined, value: Uint8Array, flags: number | bigint = 0): void {
  if (!element('MAP_UPDATE_ELEM', map, key, value, flags)) check('MAP_UPDATE_ELEM', -ENOENT);
}

/** False when there was no such element. */
export function mapDeleteElem(map: number, key: Uint8Array): boolean {
  return element('MAP_DELETE_ELEM', map, key, undefined);
}

/** Writes the key after `key` (the first when undefined) into `next`; false when there is no further one. */
export function mapGetNextKey(map: number, key: Uint8Array | undefined, next: Uint8Array): boolean {
  return element('MAP_GET_NEXT_KEY', map, key, next);
}

/** Takes the element out; false when there is none (a queue or stack that is empty, a key that is not there). Since 4.20; hash maps 5.14. */
export function mapLookupAndDeleteElem(map: number, key: Uint8Array | undefined, value: Uint8Array, flags: number | bigint = 0): boolean {
  return element('MAP_LOOKUP_AND_DELETE_ELEM', map, key, value, flags);
}

/** No more writes from user space. Since 5.2. */
export function mapFreeze(map: number): void {
  call('MAP_FREEZE', MAP_ELEM, { map_fd: map });
}

type BatchCommand = 'MAP_LOOKUP_BATCH' | 'MAP_LOOKUP_AND_DELETE_BATCH' | 'MAP_UPDATE_BATCH' | 'MAP_DELETE_BATCH';

/** One of the batch commands. Since 5.6. */
export function mapBatch(command: BatchCommand, attr: Input<typeof MAP_BATCH>): BatchResult {
  const result = attempt(command, MAP_BATCH, attr);
  const error = result < 0 ? new SyscallError(`BPF_${command}`, -result) : undefined;
  return { count: doneOf(Number(attr.count), answer(MAP_BATCH, 'count'), error), error };
}

// ---- programs

const PROG_LOAD_ATTEMPTS = 5;

/** Loads a program. EAGAIN (the verifier was interrupted by a signal) is tried again, as often as libbpf does. */
export function progLoad(attr: Input<typeof PROG_LOAD>): Fd {
  for (let attempt = 1; ; attempt++) {
    try {
      return new Fd(call('PROG_LOAD', PROG_LOAD, attr));
    } catch (error) {
      if (!(error instanceof SyscallError) || error.code !== 'EAGAIN' || attempt === PROG_LOAD_ATTEMPTS) throw error;
    }
  }
}

/** The size that the log of the last PROG_LOAD needed, also when its buffer was too small. Since 6.4, 0 before. */
export function progLoadLogTrueSize(): number {
  return answer(PROG_LOAD, 'log_true_size');
}

/** Attaches without a link (cgroup, sockmap, tcx, flow dissector). */
export function progAttach(attr: Input<typeof PROG_ATTACH>): void {
  call('PROG_ATTACH', PROG_ATTACH, attr);
}

export function progDetach(attr: Input<typeof PROG_ATTACH>): void {
  call('PROG_DETACH', PROG_ATTACH, attr);
}

/** Runs a program on given data. ENOSPC is no failure to the kernel either: data_size_out says how much there was. */
export function progTestRun(attr: Input<typeof PROG_TEST_RUN>): Output<typeof PROG_TEST_RUN> {
  call('PROG_TEST_RUN', PROG_TEST_RUN, attr);
  return unpack(PROG_TEST_RUN, attribute);
}

/** What is attached to a hook; `count` is how many there are, also when the buffers were smaller (the error is then ENOSPC). */
export function progQuery(attr: Input<typeof PROG_QUERY>): Output<typeof PROG_QUERY> {
  call('PROG_QUERY', PROG_QUERY, attr);
  return unpack(PROG_QUERY, attribute);
}

/** Binds a map to a program, so that the map lives as long. Since 5.10. */
export function progBindMap(program: number, map: number): void {
  call('PROG_BIND_MAP', PROG_BIND_MAP, { prog_fd: program, map_fd: map });
}

/** Reads a stream of a program (1 stdout, 2 stderr) into `buffer`; the number of bytes. Since 6.17. */
export function progStreamRead(program: number, stream: number, buffer: Uint8Array): number {
  return call('PROG_STREAM_READ_BY_FD', PROG_STREAM_READ, {
    prog_fd: program,
    stream_id: stream,
    stream_buf: buffer,
    stream_buf_len: buffer.length,
  });
}

/** Ties a program to a struct_ops map. Since 7.0. */
export function progAssocStructOps(map: number, program: number, flags = 0): void {
  call('PROG_ASSOC_STRUCT_OPS', PROG_ASSOC_STRUCT_OPS, { map_fd: map, prog_fd: program, flags });
}

// ---- ids

type IdCommand = 'PROG_GET_NEXT_ID' | 'MAP_GET_NEXT_ID' | 'BTF_GET_NEXT_ID' | 'LINK_GET_NEXT_ID';

function nextId(command: IdCommand, after: number): number | undefined {
  const result = byId(command, after);
  if (result === -ENOENT) return undefined;
  check(command, result);
  return attributeView.getUint32(GET_ID.fields.next_id[0], true);
}

/** The commands on ids are made for each object of a list, so the attribute is written by hand. */
function byId(command: CommandName, id: number, openFlags = 0): number {
  const { start_id, next_id, open_flags, fd_by_id_token_fd } = GET_ID.fields;
  attributeView.setUint32(start_id[0], id, true);
  attributeView.setUint32(next_id[0], 0, true);
  attributeView.setUint32(open_flags[0], openFlags, true);
  attributeView.setUint32(fd_by_id_token_fd[0], 0, true);
  return submit(command, GET_ID.size);
}

function openById(command: CommandName, id: number, openFlags = 0): Fd {
  return new Fd(check(command, byId(command, id, openFlags)));
}

/** The id after `after` (0: the first), undefined at the end. Needs CAP_SYS_ADMIN. */
export const progGetNextId = (after: number) => nextId('PROG_GET_NEXT_ID', after);
export const mapGetNextId = (after: number) => nextId('MAP_GET_NEXT_ID', after);
export const btfGetNextId = (after: number) => nextId('BTF_GET_NEXT_ID', after);
export const linkGetNextId = (after: number) => nextId('LINK_GET_NEXT_ID', after);

export function progGetFdById(id: number): Fd {
  return openById('PROG_GET_FD_BY_ID', id);
}

/** `openFlags` as for {@link objGet}: a map may be opened for reading or for writing alone. */
export function mapGetFdById(id: number, openFlags = 0): Fd {
  return openById('MAP_GET_FD_BY_ID', id, openFlags);
}

export function btfGetFdById(id: number): Fd {
  return openById('BTF_GET_FD_BY_ID', id);
}

export function linkGetFdById(id: number): Fd {
  return openById('LINK_GET_FD_BY_ID', id);
}

/**
 * Information on a program, map, BTF, link or token, by the layout of its record. `request` fills fields beforehand: the buffers the kernel is to
 * write into, and their sizes. Fields that the kernel does not know read as zero.
 */
export function objGetInfo<L extends Layout>(fd: number, layout: L, request: Input<L> = {}): Output<L> {
  const record = pack(layout, request);
  call('OBJ_GET_INFO_BY_FD', OBJ_GET_INFO, { bpf_fd: fd, info_len: record.length, info: record });
  return unpack(layout, record);
}

// Records are asked for once for each object of a list: finding the address of new memory each time would take longer than the call.
const ROOM_FOR_RECORD = 512;
let room: Arena | undefined;

/** The same, read where the kernel wrote it: what is not read before the next such call is that call's. */
export function objInfo<L extends Layout>(fd: number, layout: L, request: Input<L> = {}): Output<L> {
  if (layout.size > ROOM_FOR_RECORD) return objGetInfo(fd, layout, request);
  room ??= new Arena(ROOM_FOR_RECORD);
  pack(layout, request, room.bytes);
  const { bpf_fd, info_len, info } = OBJ_GET_INFO.fields;
  attributeView.setUint32(bpf_fd[0], fd, true);
  attributeView.setUint32(info_len[0], layout.size, true);
  attributeView.setBigUint64(info[0], BigInt(room.address), true);
  check('OBJ_GET_INFO_BY_FD', submit('OBJ_GET_INFO_BY_FD', OBJ_GET_INFO.size));
  return fieldsAt(layout, room.view);
}

/** The same as bytes, up to `size` of them: for records that the running kernel describes better than our tables. */
export function objGetInfoBytes(fd: number, size: number): Uint8Array {
  const record = new Uint8Array(size);
  call('OBJ_GET_INFO_BY_FD', OBJ_GET_INFO, { bpf_fd: fd, info_len: size, info: record });
  return record;
}

// ---- pins

export function objPin(fd: number, path: string, flags = 0): void {
  call('OBJ_PIN', OBJ, { bpf_fd: fd, pathname: cText(path), file_flags: flags });
}

/** Opens what is pinned at `path`: a program, a map, a link or a token. */
export function objGet(path: string, flags = 0): Fd {
  return new Fd(call('OBJ_GET', OBJ, { pathname: cText(path), file_flags: flags }));
}

// ---- BTF

export function btfLoad(attr: Input<typeof BTF_LOAD>): Fd {
  return new Fd(call('BTF_LOAD', BTF_LOAD, attr));
}

// ---- links and attachments

export function linkCreate(attr: Input<typeof LINK_CREATE>): Fd {
  return new Fd(call('LINK_CREATE', LINK_CREATE, attr));
}

/** Replaces the program (or struct_ops map) of a link in one step. Since 5.7. */
export function linkUpdate(attr: Input<typeof LINK_UPDATE>): void {
  call('LINK_UPDATE', LINK_UPDATE, attr);
}

/** Detaches what a link holds; the link itself stays, empty. Since 5.9. */
export function linkDetach(link: number): void {
  call('LINK_DETACH', LINK_DETACH, { link_fd: link });
}

/** Attaches to a raw tracepoint, or, with `name` undefined, a program that was loaded for its BTF target. */
export function rawTracepointOpen(program: number, name: string | undefined, cookie?: bigint): Fd {
  return new Fd(
    call('RAW_TRACEPOINT_OPEN', RAW_TRACEPOINT, { prog_fd: program, name: name === undefined ? undefined : cText(name), cookie }),
  );
}

/** A file whose reading runs an iterator. Since 5.8. */
export function iterCreate(link: number): Fd {
  return new Fd(call('ITER_CREATE', ITER_CREATE, { link_fd: link }));
}

const NOTHING_THERE: ReadonlySet<number> = new Set([-2, -9, -95, -524]);

/**
 * What a perf event or raw tracepoint of another process has attached; into `buffer` goes the name of the tracepoint, function or file. Undefined when the
 * descriptor is of something else (ENOTSUPP), counts instead of tracing (EOPNOTSUPP), has no program (ENOENT), or is gone (EBADF, ENOENT). Since 4.18.
 * Needs CAP_SYS_ADMIN.
 */
export function taskFdQuery(pid: number, fd: number, buffer: Uint8Array): Output<typeof TASK_FD_QUERY> | undefined {
  const result = attempt('TASK_FD_QUERY', TASK_FD_QUERY, { pid, fd, buf: buffer, buf_len: buffer.length });
  if (NOTHING_THERE.has(result)) return undefined;
  check('TASK_FD_QUERY', result);
  return unpack(TASK_FD_QUERY, attribute);
}

// ---- the system

/** Run-time statistics of all programs, for as long as the descriptor is open. Since 5.8. */
export function enableStats(): Fd {
  const BPF_STATS_RUN_TIME = 0;
  return new Fd(call('ENABLE_STATS', ENABLE_STATS, { type: BPF_STATS_RUN_TIME }));
}

/** A token that delegates what the bpffs behind `bpffs` allows. Since 6.9. */
export function tokenCreate(bpffs: number, flags = 0): Fd {
  return new Fd(call('TOKEN_CREATE', TOKEN_CREATE, { bpffs_fd: bpffs, flags }));
}

/** The same, but undefined when the kernel gives none, which is the rule: an error would cost its making. */
export function tryTokenCreate(bpffs: number): Fd | undefined {
  const result = attempt('TOKEN_CREATE', TOKEN_CREATE, { bpffs_fd: bpffs });
  return result < 0 ? undefined : new Fd(result);
}
