import { BPF_AND, BPF_JEQ, BPF_JNE, BPF_JSGE, BPF_RSH, INSN_SIZE } from '../../asm/opcode.js';
import { BTF_KINDS } from '../../btf/types.js';
import { R } from './assembler.js';
import { Helper, type LoaderWriter } from './loader-writer.js';

/** A reference to a variable or function of the kernel that the loader resolves. */
export interface LightExtern {
  readonly name: string;
  readonly weak: boolean;
  /** In instructions of the program. */
  readonly instruction: number;
  /** A call of a function, a load of an address by type, or by name alone. */
  readonly use: 'call' | 'typed' | 'typeless';
  readonly kind: 'FUNC' | 'VAR';
}

/** Where in an instruction its registers, offset and immediate are (struct bpf_insn). */
const REGISTERS = 1;
const OFFSET = 2;
const IMMEDIATE = 4;
const NEXT_IMMEDIATE = INSN_SIZE + IMMEDIATE;

const ENOENT = 2;
const DESTINATION_BITS = 0x0f;

/** The first use of an extern, which others copy from. */
interface Resolved {
  readonly extern: LightExtern;
  /** Its place in the data. */
  readonly place: number;
  /** In fd_array, of functions. */
  slot: number;
}

/** Writes what resolves the externs of one program while it is being loaded. */
export class ExternResolver {
  readonly #resolved: Resolved[] = [];

  /** @param program the place of its instructions in the data */
  constructor(
    readonly writer: LoaderWriter,
    readonly program: number,
  ) {}

  resolve(extern: LightExtern): void {
    const place = this.program + extern.instruction * INSN_SIZE;
    this.writer.code.address(R.PLACE, place);
    const known = this.#resolved.find((each) => isSame(each.extern, extern));
    const resolved = known ?? { extern, place, slot: 0 };
    if (!known) this.#resolved.push(resolved);
    if (extern.use === 'call') this.#call(resolved, place, known !== undefined);
    else if (extern.use === 'typed') this.#typed(resolved, place, known !== undefined);
    else this.#typeless(resolved, place, known !== undefined);
  }

  /** Closes descriptors of modules' types, which the kernel has taken by then or will not. */
  close(): void {
    for (const { extern, place, slot } of this.#resolved) {
      if (extern.use === 'typed') this.writer.close(place + NEXT_IMMEDIATE);
      else if (extern.use === 'call') {
        this.writer.close(this.writer.fdPlace(slot));
        this.writer.giveBackKfuncSlot(slot);
      }
    }
  }

  #call(resolved: Resolved, place: number, again: boolean): void {
    const { writer } = this;
    const { code } = writer;
    if (again) {
      writer.copy(place + IMMEDIATE, resolved.place + IMMEDIATE, 4);
      writer.copy(place + OFFSET, resolved.place + OFFSET, 2);
      return;
    }
    this.#findByName(resolved.extern);
    if (!resolved.extern.weak) writer.checkStatus();
    resolved.slot = writer.takeKfuncSlot();
    code.jumpIf(BPF_JSGE, R.STATUS, 0, 3);
    // A weak one that is not there: function 0.
    code.storeValue(4, R.PLACE, IMMEDIATE, 0);
    code.storeValue(2, R.PLACE, OFFSET, 0);
    code.jump(10);
    // The type's id is in the lower half of the status, the descriptor of its BTF in the upper one, 0 for the kernel's own.
    code.store(4, R.PLACE, R.STATUS, IMMEDIATE);
    code.move(R.SAVED, R.STATUS);
    code.alu(BPF_RSH, R.SAVED, 32);
    code.address(R.RESULT, writer.fdPlace(resolved.slot));
    code.store(4, R.RESULT, R.SAVED, 0);
    code.jumpIf(BPF_JNE, R.SAVED, 0, 2);
    code.storeValue(2, R.PLACE, OFFSET, 0);
    code.jump(1);
    code.storeValue(2, R.PLACE, OFFSET, resolved.slot);
  }

  #typed(resolved: Resolved, place: number, again: boolean): void {
    const { writer } = this;
    const { code } = writer;
    if (again) {
      writer.copy(place + NEXT_IMMEDIATE, resolved.place + NEXT_IMMEDIATE, 4);
      writer.copy(place + IMMEDIATE, resolved.place + IMMEDIATE, 4);
      code.jumpIf(BPF_JNE, R.RESULT, 0, 3);
    } else {
      this.#findByName(resolved.extern);
      if (!resolved.extern.weak) writer.checkStatus();
      code.jumpIf(BPF_JSGE, R.STATUS, 0, 3);
      code.storeValue(4, R.PLACE, IMMEDIATE, 0);
      code.storeValue(4, R.PLACE, NEXT_IMMEDIATE, 0);
      code.jump(4);
      code.store(4, R.PLACE, R.STATUS, IMMEDIATE);
      code.alu(BPF_RSH, R.STATUS, 32);
      code.store(4, R.PLACE, R.STATUS, NEXT_IMMEDIATE);
      code.jump(3);
    }
    // A weak one that is not there is a plain 0, no longer the address of a type.
    code.load(1, R.SAVED, R.PLACE, REGISTERS);
    code.alu32(BPF_AND, R.SAVED, DESTINATION_BITS);
    code.store(1, R.PLACE, R.SAVED, REGISTERS);
  }

  #typeless(resolved: Resolved, place: number, again: boolean): void {
    const { writer } = this;
    const { code } = writer;
    if (again) {
      writer.copy(place + IMMEDIATE, resolved.place + IMMEDIATE, 4);
      writer.copy(place + NEXT_IMMEDIATE, resolved.place + NEXT_IMMEDIATE, 4);
      return;
    }
    const name = writer.addText(resolved.extern.name);
    const address = writer.reserve(8);
    code.address(R.A1, name.place);
    code.set(R.A2, name.length);
    code.set(R.A3, 0);
    code.address(R.A4, address);
    code.move(R.STATUS, R.A4);
    code.call(Helper.kallsyms_lookup_name);
    code.load(8, R.SAVED, R.STATUS, 0);
    code.move(R.STATUS, R.RESULT);
    code.jumpIf(BPF_JEQ, R.STATUS, -ENOENT, 1);
    writer.checkStatus();
    code.store(4, R.PLACE, R.SAVED, IMMEDIATE);
    code.alu(BPF_RSH, R.SAVED, 32);
    code.store(4, R.PLACE, R.SAVED, NEXT_IMMEDIATE);
  }

  #findByName({ name, kind }: LightExtern): void {
    findType(this.writer, name, BTF_KINDS.indexOf(kind));
  }
}

/** Looks a type of the kernel or of a module up by name and number of kind: the status is its id, and above it the descriptor of its BTF. */
export function findType(writer: LoaderWriter, name: string, kind: number): void {
  const { code } = writer;
  const text = writer.addText(name);
  code.address(R.A1, text.place);
  code.set(R.A2, text.length);
  code.set(R.A3, kind);
  code.set(R.A4, 0);
  code.call(Helper.btf_find_by_name_kind);
  code.move(R.STATUS, R.RESULT);
}

function isSame(a: LightExtern, b: LightExtern): boolean {
  return a.name === b.name && a.kind === b.kind && (a.use === 'call') === (b.use === 'call');
}
