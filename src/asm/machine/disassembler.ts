import { arm64 } from './arm64.js';
import { type Capstone, type CapstoneEngine, loadCapstone } from './capstone.js';
import { x64 } from './x64.js';

/** An instruction of a processor, written as LLVM writes it. */
export interface MachineInstruction {
  /** In bytes, from the start of the code. */
  readonly offset: number;
  readonly length: number;
  /** The operation and, behind a tab, its operands: `movq\t%rsp, %rbp`. */
  readonly text: string;
  /** Where a direct jump or call leads. */
  readonly target?: bigint;
}

/** What is found at a place, before it is written as LLVM does. `address` is unsigned. */
export interface Found {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly mnemonic: string;
  readonly operands: string;
}

/** What a processor's language needs: which language of Capstone's it is, and how LLVM's spelling differs. */
export interface Language {
  readonly open: (capstone: Capstone) => CapstoneEngine;
  /** Usually one; more where LLVM takes a prefix for an instruction of its own. Their lengths add up to that of `found`. */
  readonly rewrite: (found: Found) => readonly Omit<MachineInstruction, 'offset'>[];
  /** Bytes that are passed over where there is no instruction. */
  readonly step: number;
  /** What stands there instead. */
  readonly data: (bytes: Uint8Array) => string;
}

// By Node's names of architectures (process.arch).
const LANGUAGES: Readonly<Record<string, Language>> = { x64, arm64 };

/** Takes machine code apart. */
export class Disassembler {
  readonly #engine: CapstoneEngine;

  private constructor(
    capstone: Capstone,
    readonly language: Language,
  ) {
    this.#engine = language.open(capstone);
  }

  /** The disassembler for an architecture by Node's name (`x64`, `arm64`); undefined for others. The library is loaded only here. */
  static async for(architecture: string): Promise<Disassembler | undefined> {
    const language = LANGUAGES[architecture];
    return language && new Disassembler(await loadCapstone(), language);
  }

  /** The instructions of a function at `address`, all its bytes: what is no instruction is data. */
  *instructions(code: Uint8Array, address: bigint): Generator<MachineInstruction> {
    for (let at = 0; at < code.length; ) {
      for (const { size, mnemonic, op_str: operands } of this.#decode(code.subarray(at), address + BigInt(at))) {
        const bytes = code.subarray(at, at + size);
        for (const each of this.language.rewrite({ address: BigInt.asUintN(64, address + BigInt(at)), bytes, mnemonic, operands })) {
          yield { offset: at, ...each };
          at += each.length;
        }
      }
      if (at >= code.length) return;
      const unknown = code.subarray(at, at + this.language.step);
      yield { offset: at, length: unknown.length, text: this.language.data(unknown) };
      at += unknown.length;
    }
  }

  #decode(code: Uint8Array, address: bigint): ReturnType<CapstoneEngine['disasm']> {
    try {
      return this.#engine.disasm(code, BigInt.asUintN(64, address));
    } catch (error) {
      // The library throws text when the first bytes are no instruction.
      if (typeof error === 'string') return [];
      throw error;
    }
  }
}
