import { objGetInfo } from '../../native/bpf.js';
import { FUNC_INFO, LINE_INFO, PROG_INFO } from '../../native/uapi.js';
import type { SourceLine } from '../asm/source.js';
import type { Kallsyms } from '../system/kallsyms.js';
import { loadedBtf } from '../system/loaded-btf.js';
import { functionStarts, sourceLines } from './debug-info.js';

/** One function of a program as the kernel's JIT compiler made it. */
export interface JitedFunction {
  /** `bpf_prog_TAG_NAME`, or the address when the kernel's symbols are hidden. */
  readonly name: string;
  /** Where it is in the kernel; undefined when that is hidden. */
  readonly address: bigint | undefined;
  readonly prototype: string | undefined;
  readonly code: Uint8Array;
  /** `offset` counts bytes of `code`. */
  readonly lines: readonly SourceLine[];
}

/**
 * The machine code of a loaded program, its functions in the order of their calls.
 *
 * @param fd descriptor of the program
 * @throws when there is none (net.core.bpf_jit_enable is 0), or the kernel keeps it back (kernel.kptr_restrict, no CAP_SYSLOG)
 */
export function jited(fd: number, symbols: Kallsyms): JitedFunction[] {
  const sizes = objGetInfo(fd, PROG_INFO);
  const code = new Uint8Array(sizes.jited_prog_len);
  const lengths = new Uint32Array(sizes.nr_jited_func_lens);
  const addresses = new BigUint64Array(sizes.nr_jited_ksyms);
  const lineAddresses = new BigUint64Array(sizes.nr_jited_line_info);
  const functions = new Uint8Array(sizes.nr_func_info * FUNC_INFO.size);
  const lines = new Uint8Array(sizes.nr_line_info * LINE_INFO.size);
  const info = objGetInfo(fd, PROG_INFO, {
    jited_prog_insns: code,
    jited_prog_len: code.length,
    jited_func_lens: bytesOf(lengths),
    nr_jited_func_lens: lengths.length,
    jited_ksyms: bytesOf(addresses),
    nr_jited_ksyms: addresses.length,
    ...(functions.length > 0 && { func_info: functions, nr_func_info: sizes.nr_func_info, func_info_rec_size: FUNC_INFO.size }),
    ...(lines.length > 0 && { line_info: lines, nr_line_info: sizes.nr_line_info, line_info_rec_size: LINE_INFO.size }),
    ...(lineAddresses.length > 0 && {
      jited_line_info: bytesOf(lineAddresses),
      nr_jited_line_info: lineAddresses.length,
      jited_line_info_rec_size: 8,
    }),
  });
  if (code.length === 0 || info.jited_prog_insns === 0n) {
    throw new Error(`the kernel shows no machine code of program ${info.id} (net.core.bpf_jit_enable off, or kernel.kptr_restrict set)`);
  }
  const btf = info.btf_id === 0 ? undefined : loadedBtf(info.btf_id);
  const starts = btf ? functionStarts(functions, FUNC_INFO.size, btf) : [];
  const sources = btf && info.jited_line_info !== 0n ? sourceLines(lines, LINE_INFO.size, btf) : [];
  return cut(code, lengths).map((body, index): JitedFunction => {
    const address = info.jited_ksyms === 0n ? undefined : addresses[index];
    return {
      name: address === undefined ? 'unknown' : (symbols.nameAt(address) ?? `0x${address.toString(16).padStart(16, '0')}`),
      address,
      prototype: starts[index]?.prototype,
      code: body,
      lines: address === undefined ? [] : linesWithin(address, body.length, sources, lineAddresses),
    };
  });
}

/** The functions lie one behind the other. Kernels before 4.18 do not say how long each is. */
function cut(code: Uint8Array, lengths: Uint32Array): Uint8Array[] {
  if (lengths.length === 0) return [code];
  let at = 0;
  return [...lengths].map((length) => {
    at += length;
    return code.subarray(at - length, at);
  });
}

/** The source lines of one function: those whose machine code lies in it. */
function linesWithin(address: bigint, length: number, sources: readonly SourceLine[], addresses: BigUint64Array): SourceLine[] {
  const found: SourceLine[] = [];
  for (const [index, source] of sources.entries()) {
    const offset = (addresses[index] ?? 0n) - address;
    if (offset >= 0n && offset < BigInt(length)) found.push({ ...source, offset: Number(offset) });
  }
  return found;
}

function bytesOf(array: Uint32Array | BigUint64Array): Uint8Array {
  return new Uint8Array(array.buffer);
}
