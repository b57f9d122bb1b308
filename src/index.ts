/**
 * bpf-ts as a library: read an object file ({@link parseObject}), load it ({@link load}), attach its programs ({@link attach}), read and change maps
 * ({@link BpfMap}), send and receive what programs take and give ({@link RingBuffer}, {@link PerfBuffer},
 * {@link UserRingBuffer}, {@link TracePipe}, {@link ProgramStream}). Everything that owns something in the kernel is Disposable: `using` closes it.
 *
 * Numbers of 64 bits are bigint, ids, sizes and descriptors are number, keys and values of maps are the kernel's bytes in the byte order of the machine;
 * {@link codecOf} makes JavaScript values of them by their BTF types.
 */
export { SyscallError } from '../native/error.js';
export { Btf } from './btf/btf.js';
export { type Codec, codecOf, type Input } from './btf/codec.js';
export type { BtfKind, BtfType } from './btf/types.js';
export { ParseError } from './bytes/cursor.js';
export { NotSupportedError, UsageError, VerifierError } from './errors.js';
export { EventStream } from './events/event-stream.js';
export { type ObjectChange, ObjectWatch, WATCHED, type Watched, type WatchedObject } from './events/object-watch.js';
export {
  PerfBuffer,
  type PerfBufferOptions,
  type PerfEvent,
  type PerfLost,
  type PerfPlace,
  type PerfSample,
} from './events/perf-buffer.js';
export { ProgramStream } from './events/program-stream.js';
export { RingBuffer, ringBuffer, type TakeInPlace } from './events/ring-buffer.js';
export { printkFilter } from './events/trace-filter.js';
export { type LineFilter, TracePipe } from './events/trace-pipe.js';
export { UserRingBuffer } from './events/user-ring-buffer.js';
export { HOOKS } from './hook/all.js';
export type { Hook } from './hook/hook.js';
export { AttachType, LinkType, MapType, ProgType } from './kernel/enums.gen.js';
export { attach } from './link/attach.js';
export type { Held } from './link/attachment.js';
export { Link } from './link/link.js';
export type { TargetWords } from './link/target.js';
export { attachObject } from './load/attach-object.js';
export { load } from './load/load.js';
export { type LoadedMap, LoadedObject, type LoadedProgram } from './load/loaded-object.js';
export type { LoadOptions } from './load/options.js';
export { unpinOwn } from './load/pin.js';
export { type EmbeddedObject, eventDecoder, loadTyped, type TypedLoadOptions, TypedObject, TypedProgram } from './load/typed-object.js';
export type { MapAttributes } from './map/create.js';
export type { MapInfo } from './map/info.js';
export { type Access, BpfMap, type UpdateMode } from './map/map.js';
export { type Row, rows } from './map/rows.js';
export { PerCpuMap, TypedMap, TypedQueue } from './map/typed-map.js';
export { type ParseOptions, parseObject } from './object/parse.js';
export type { ExternSpec, MapSpec, ObjectSpec, ProgramSpec } from './object/spec.js';
export type { ProgramInfo } from './program/info.js';
export { Program } from './program/program.js';
export type { RunRequest, RunResult } from './program/test-run.js';
