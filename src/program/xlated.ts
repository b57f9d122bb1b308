import { objGetInfo } from '../../native/bpf.js';
import { FUNC_INFO, LINE_INFO, PROG_INFO } from '../../native/uapi.js';
import type { Names } from '../asm/disassemble.js';
import { type Instruction, Instructions } from '../asm/instructions.js';
import type { ProgramText } from '../asm/listing.js';
import { BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC, BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_IDX_VALUE, BPF_PSEUDO_MAP_VALUE } from '../asm/opcode.js';
import type { Kallsyms } from '../system/kallsyms.js';
import { loadedBtf } from '../system/loaded-btf.js';
import { functionStarts, sourceLines } from './debug-info.js';

/**
 * The instructions of a loaded program as the verifier has rewritten them ("translated"), with declarations and source lines from its BTF.
 * Names of helpers and subprograms are looked up in `symbols` when a row that needs one is asked for.
 *
 * @param fd descriptor of the program
 * @throws when the kernel keeps the instructions back: constant blinding with kernel.kptr_restrict, or no CAP_SYSLOG
 */
export function xlated(fd: number, symbols: Kallsyms): ProgramText {
  const sizes = objGetInfo(fd, PROG_INFO);
  const bytes = new Uint8Array(sizes.xlated_prog_len);
  const functions = new Uint8Array(sizes.nr_func_info * FUNC_INFO.size);
  const lines = new Uint8Array(sizes.nr_line_info * LINE_INFO.size);
  const addresses = new BigUint64Array(sizes.nr_jited_ksyms);
  const info = objGetInfo(fd, PROG_INFO, {
    xlated_prog_insns: bytes,
    xlated_prog_len: bytes.length,
    jited_ksyms: new Uint8Array(addresses.buffer),
    nr_jited_ksyms: addresses.length,
    ...(functions.length > 0 && { func_info: functions, nr_func_info: sizes.nr_func_info, func_info_rec_size: FUNC_INFO.size }),
    ...(lines.length > 0 && { line_info: lines, nr_line_info: sizes.nr_line_info, line_info_rec_size: LINE_INFO.size }),
  });
  if (bytes.length === 0 || info.xlated_prog_insns === 0n) {
    throw new Error(`the kernel does not show the instructions of program ${info.id} (kernel.kptr_restrict may be set)`);
  }
  const btf = info.btf_id === 0 ? undefined : loadedBtf(info.btf_id);
  return {
    instructions: new Instructions(bytes),
    functions: btf ? functionStarts(functions, FUNC_INFO.size, btf) : [],
    lines: btf ? sourceLines(lines, LINE_INFO.size, btf) : [],
    names: namesIn(symbols, info.nr_jited_ksyms, info.jited_ksyms === 0n ? [] : [...addresses]),
  };
}

/** Names as bpftool gives them. The kernel has made each call the distance from `__bpf_call_base`, or the number of a subprogram. */
function namesIn(symbols: Kallsyms, compiled: number, addresses: readonly bigint[]): Names {
  const call = (insn: Instruction): string => {
    const base = symbols.find('__bpf_call_base')?.address ?? 0n;
    const subprogram = insn.src === BPF_PSEUDO_CALL;
    const address = (subprogram ? addresses[insn.imm] : undefined) ?? BigInt.asUintN(64, base + BigInt(insn.imm));
    const distance = insn.off < 0 ? `${insn.off}` : `+${insn.off}`;
    // An interpreted subprogram has no address.
    if (subprogram && compiled === 0) return distance;
    const name = symbols.nameAt(address) ?? `0x${address.toString(16)}`;
    return subprogram ? `${distance}#${name}` : name;
  };
  return { call, immediate };
}

function immediate({ src, imm }: Instruction, value: bigint, high: number): string {
  switch (src) {
    case BPF_PSEUDO_MAP_FD:
      return `map[id:${imm}]`;
    case BPF_PSEUDO_MAP_VALUE:
      return `map[id:${imm}][0]+${high}`;
    case BPF_PSEUDO_MAP_IDX_VALUE:
      return `map[idx:${imm}]+${high}`;
    case BPF_PSEUDO_FUNC:
      return `subprog[${imm < 0 ? imm : `+${imm}`}]`;
    default:
      return `0x${value.toString(16)}`;
  }
}
