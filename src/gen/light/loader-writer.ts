import { BPF_ADD, BPF_JEQ, BPF_JNE, BPF_JSLE, BPF_JSLT } from '../../asm/opcode.js';
import { UsageError } from '../../errors.js';
import { Assembler, R } from './assembler.js';

/** Helpers of a loader program (enum bpf_func_id). */
export const Helper = {
  probe_read_kernel: 113,
  copy_from_user: 148,
  sys_bpf: 166,
  btf_find_by_name_kind: 167,
  sys_close: 168,
  kallsyms_lookup_name: 179,
} as const;

const MAX_MAPS = 64;
const MAX_PROGRAMS = 32;
const MAX_KFUNC_TYPES = 256;
/** Descriptors of maps and of modules' types, from the beginning of the data: fd_array of PROG_LOAD. */
const FD_ARRAY_LENGTH = MAX_MAPS + MAX_KFUNC_TYPES;

/** Offsets on the stack, from its end: descriptors that are closed in any case. */
const STACK_SIZE = 8 + MAX_PROGRAMS * 4;
export const Stack = {
  btf: -STACK_SIZE,
  innerMap: -STACK_SIZE + 4,
  program: (index: number) => -STACK_SIZE + 8 + index * 4,
} as const;

/** struct bpf_loader_ctx, struct bpf_map_desc and struct bpf_prog_desc of bpf/skel_internal.h. */
export const Context = {
  size: 24,
  flags: 4,
  log_level: 8,
  log_size: 12,
  log_buf: 16,
  map: (index: number) => Context.size + index * 16,
  map_fd: 0,
  max_entries: 4,
  initial_value: 8,
} as const;

/** Where cleaning up begins, behind what every loader begins with. */
const CLEANUP = 7;
const CLOSE_LENGTH = 6;
const EINVAL = 22;
const SHA256_WORDS = 4;

/**
 * Writes a program that loads an object by giving bpf(2) commands, and the data that it works on. What all commands have in common is here; the
 * code is that of libbpf's gen_loader.c, instruction by instruction, since headers are compared with those of bpftool.
 */
export class LoaderWriter {
  readonly code = new Assembler();
  readonly #data: Uint8Array[] = [];
  #dataLength = 0;
  #kfuncTypes = 0;
  readonly #dataHash: number[] = [];

  /** @throws UsageError when there is more in the object than a loader has room for */
  constructor(programs: number, maps: number) {
    if (maps > MAX_MAPS) throw new UsageError(`a light skeleton has room for ${MAX_MAPS} maps, the object has ${maps}`);
    if (programs > MAX_PROGRAMS)
      throw new UsageError(`a light skeleton has room for ${MAX_PROGRAMS} functions, the object has ${programs}`);
    this.reserve(FD_ARRAY_LENGTH * 4);
    const { code } = this;
    code.move(R.CONTEXT, R.A1);
    code.move(R.A1, R.STACK);
    code.alu(BPF_ADD, R.A1, -STACK_SIZE);
    code.set(R.A2, STACK_SIZE);
    code.set(R.A3, 0);
    code.call(Helper.probe_read_kernel);
    const words = 2 + programs;
    code.jump(words * 3 + 2 + maps * CLOSE_LENGTH);
    for (let word = 0; word < words; word++) {
      code.load(4, R.A1, R.STACK, -STACK_SIZE + word * 4);
      code.jumpIf(BPF_JSLE, R.A1, 0, 1);
      code.call(Helper.sys_close);
    }
    for (let map = 0; map < maps; map++) this.close(this.fdPlace(map));
    code.move(R.RESULT, R.STATUS);
    code.exit();
  }

  /**
   * Ends the program unless its data has the hash that {@link fillDataHash} writes into its code: struct bpf_map begins with the hash, once the kernel was
   * asked for it (BPF_OBJ_GET_INFO_BY_FD).
   */
  checkData(): void {
    const { code } = this;
    for (let word = 0; word < SHA256_WORDS; word++) {
      code.map(R.A1);
      code.load(8, R.A2, R.A1, word * 8);
      this.#dataHash.push(code.constant(R.A3));
      code.set(R.STATUS, -EINVAL);
      code.jumpIfRegister(BPF_JNE, R.A2, R.A3, CLEANUP - code.length - 1);
    }
  }

  /** @param hash SHA-256 of the whole of the data */
  fillDataHash(hash: Uint8Array): void {
    const view = new DataView(hash.buffer, hash.byteOffset);
    for (const [word, place] of this.#dataHash.entries()) this.code.fill(place, view.getBigUint64(word * 8, true));
  }

  /** The place in the data of a descriptor of fd_array. */
  fdPlace(index: number): number {
    return index * 4;
  }

  /** Appends data, padded to 8 bytes, and gives its place. */
  add(bytes: Uint8Array): number {
    const place = this.#dataLength;
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    this.#data.push(padded);
    this.#dataLength += padded.length;
    return place;
  }

  reserve(size: number): number {
    return this.add(new Uint8Array(size));
  }

  addText(text: string): { readonly place: number; readonly length: number } {
    const bytes = new TextEncoder().encode(`${text}\0`);
    return { place: this.add(bytes), length: bytes.length };
  }

  /** A free element of fd_array for the types of a module. */
  takeKfuncSlot(): number {
    if (this.#kfuncTypes === MAX_KFUNC_TYPES) return this.reserve(4) / 4;
    return MAX_MAPS + this.#kfuncTypes++;
  }

  giveBackKfuncSlot(slot: number): void {
    if (slot < FD_ARRAY_LENGTH) this.#kfuncTypes--;
  }

  data(): Uint8Array {
    const data = new Uint8Array(this.#dataLength);
    let at = 0;
    for (const part of this.#data) {
      data.set(part, at);
      at += part.length;
    }
    return data;
  }

  /** Gives a command; its result is the status. */
  command(command: number, attribute: number, size: number): void {
    const { code } = this;
    code.set(R.A1, command);
    code.address(R.A2, attribute);
    code.set(R.A3, size);
    code.call(Helper.sys_bpf);
    code.move(R.STATUS, R.RESULT);
  }

  /** Ends the program when the status is an error. */
  checkStatus(): void {
    this.code.jumpIf(BPF_JSLT, R.STATUS, 0, CLEANUP - this.code.length - 1);
  }

  /** Closes the descriptor at a place in the data. */
  close(place: number): void {
    this.code.address(R.RESULT, place);
    this.code.load(4, R.A1, R.RESULT, 0);
    this.#closeFirst();
  }

  closeOnStack(offset: number): void {
    this.code.load(4, R.A1, R.STACK, offset);
    this.#closeFirst();
  }

  /** Writes the address of one place of the data into another. */
  storeAddress(to: number, of: number): void {
    this.code.address(R.RESULT, of);
    this.code.address(R.A1, to);
    this.code.store(8, R.A1, R.RESULT, 0);
  }

  copy(to: number, from: number, size: 2 | 4): void {
    this.code.address(R.A2, from);
    this.code.load(size, R.RESULT, R.A2, 0);
    this.code.address(R.A1, to);
    this.code.store(size, R.A1, R.RESULT, 0);
  }

  /** Copies a field of the context; with `unlessZero` only if it says something. */
  copyFromContext(to: number, offset: number, size: 4 | 8, unlessZero = false): void {
    this.code.load(size, R.RESULT, R.CONTEXT, offset);
    if (unlessZero) this.code.jumpIf(BPF_JEQ, R.RESULT, 0, 3);
    this.code.address(R.A1, to);
    this.code.store(size, R.A1, R.RESULT, 0);
  }

  copyToContext(offset: number, from: number): void {
    this.code.address(R.A1, from);
    this.code.load(4, R.RESULT, R.A1, 0);
    this.code.store(4, R.CONTEXT, R.RESULT, offset);
  }

  copyFromStack(to: number, offset: number): void {
    this.code.load(4, R.RESULT, R.STACK, offset);
    this.code.address(R.A1, to);
    this.code.store(4, R.A1, R.RESULT, 0);
  }

  #closeFirst(): void {
    this.code.jumpIf(BPF_JSLE, R.A1, 0, 2);
    this.code.move(R.SAVED, R.A1);
    this.code.call(Helper.sys_close);
  }
}
