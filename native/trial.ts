// PROG_LOAD over memory with fixed addresses, for programs that are loaded by the thousand only to see what the kernel says.
import { SyscallError } from './error.js';
import { callBpf } from './ffi.js';
import { type Input, pack } from './layout.js';
import { Arena, cText } from './memory.js';
import { close, systemCallNumber } from './system.js';
import { Command, PROG_LOAD } from './uapi.js';

// With one of these alone the verifier says why it refuses, but not every state on its way there, which takes long to write. Since 6.4 and 5.2.
const [BPF_LOG_FIXED, BPF_LOG_STATS] = [8, 4];
const EINVAL = 22;
// ENFILE, EMFILE.
const NO_DESCRIPTORS: readonly number[] = [23, 24];
const LOG_SIZE = 1024;
const INSN_SIZE = 8;
// `r0 = 0; exit`
const TRIVIAL = new Uint8Array([0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]);
const BPF_PROG_TYPE_SOCKET_FILTER = 1;

/** The fields of the attribute that a trial may change from one load to the next. */
export type TrialField = 'prog_type' | 'expected_attach_type' | 'prog_flags' | 'kern_version' | 'attach_btf_id' | 'prog_ifindex';

/** A program of instructions that are given once; their immediates and some fields of the attribute change from load to load. License: GPL. */
export class LoadTrial {
  readonly #attr = new Arena(PROG_LOAD.size);
  readonly #insns: Arena;
  readonly #license: Arena;
  readonly #log = new Arena(LOG_SIZE);
  readonly #text = Buffer.from(this.#log.bytes.buffer);

  /** @param level what the verifier is to write; by default the least with which it says why it refuses */
  constructor(insns: Uint8Array, level = leastLevel()) {
    bpfNumber = systemCallNumber('bpf');
    this.#insns = arenaOf(insns);
    this.#license = arenaOf(cText('GPL'));
    this.#fill({
      insns: this.#insns.address,
      insn_cnt: insns.length / INSN_SIZE,
      license: this.#license.address,
      log_buf: this.#log.address,
      log_size: LOG_SIZE,
      log_level: level,
    });
  }

  #fill(attr: Input<typeof PROG_LOAD>): void {
    pack(PROG_LOAD, attr, this.#attr.bytes);
  }

  set(field: TrialField, value: number): void {
    this.#attr.view.setUint32(PROG_LOAD.fields[field][0], value, true);
  }

  setImmediate(slot: number, value: number): void {
    this.#insns.view.setInt32(slot * INSN_SIZE + 4, value, true);
  }

  /** Loads the program, and unloads it when the kernel took it: 0, or the errno. */
  run(): number {
    this.#log.bytes[0] = 0;
    const result = callBpf(bpfNumber, Command.PROG_LOAD, this.#attr.address, PROG_LOAD.size);
    // Want of descriptors says nothing on the program.
    if (NO_DESCRIPTORS.includes(-result)) throw new SyscallError('BPF_PROG_LOAD', -result);
    if (result < 0) return -result;
    close(result);
    return 0;
  }

  /** What the verifier said in the last load; of the first `length` characters. */
  log(length = LOG_SIZE): string {
    const text = this.#text.toString('latin1', 0, length);
    const end = text.indexOf('\0');
    return end < 0 ? text : text.slice(0, end);
  }
}

let bpfNumber = 0;
let level: number | undefined;

/** A kernel that does not know a level refuses every load that asks for it. */
function leastLevel(): number {
  if (level !== undefined) return level;
  const trial = new LoadTrial(TRIVIAL, BPF_LOG_FIXED);
  trial.set('prog_type', BPF_PROG_TYPE_SOCKET_FILTER);
  level = trial.run() === EINVAL ? BPF_LOG_STATS : BPF_LOG_FIXED;
  return level;
}

function arenaOf(bytes: Uint8Array): Arena {
  const arena = new Arena(bytes.length);
  arena.bytes.set(bytes);
  return arena;
}
