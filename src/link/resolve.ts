// Looks up on this machine what sections name: tracepoints, functions of the kernel, of programs and of libraries.
import { UsageError } from '../errors.js';
import type { SectionMatch } from '../hook/all.js';
import type { Target } from '../hook/hook.js';
import { splitBinary, userPlace } from '../hook/place.js';
import { kernelFunctionIds, kernelFunctions, systemCallFunction } from '../system/kernel-functions.js';
import { findBinary, userFunctionOffset, userFunctionOffsets } from '../system/symbols.js';
import { tracepointId } from '../system/tracefs.js';
import { prepareUsdt } from './usdt.js';

interface Words {
  readonly cookie?: bigint | undefined;
  readonly pid?: number | undefined;
}

/** Remembers what to do when the attachment ends, or none comes of it. */
export type Later = (undo: () => void) => void;

/** What is named behind a section's first slash, as the kernel takes it. @throws UsageError when there is no such thing here */
export function resolveName({ hook, extra }: SectionMatch, { cookie, pid }: Words, program: number, later: Later): Partial<Target> {
  if (extra === undefined || extra === '') return {};
  if (hook.program === 'TRACEPOINT') return { tracepointId: tracepointOf(extra) };
  if (hook.name === 'usdt') return prepareUsdt(program, extra, { cookie, pid }, later);
  if (hook.target === 'user function') return hook.link === 'PERF_EVENT' ? userFunction(extra) : userFunctions(extra);
  if (hook.link === 'KPROBE_MULTI') return { functions: kernelFunctions(extra) };
  if (hook.link === 'TRACING_MULTI') return { functionIds: kernelFunctionIds(extra) };
  if (hook.name === 'ksyscall') return { name: systemCallFunction(extra) };
  return {};
}

function tracepointOf(extra: string): number {
  const slash = extra.indexOf('/');
  if (slash < 0) throw new UsageError(`a tracepoint has a category and a name: ${extra} is only one of them`);
  return tracepointId(extra.slice(0, slash), extra.slice(slash + 1));
}

function userFunction(extra: string): Partial<Target> {
  const place = userPlace(extra);
  const file = findBinary(place.binary);
  return { file, offsets: [userFunctionOffset(file, place)] };
}

function userFunctions(extra: string): Partial<Target> {
  const { binary, rest } = splitBinary(extra, 'BINARY:PATTERN');
  const file = findBinary(binary);
  return { file, offsets: userFunctionOffsets(file, rest) };
}
