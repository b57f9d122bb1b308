// The parts of the library that are used here; it brings no types of its own.

/** One instruction as Capstone spells it. */
export interface CapstoneInstruction {
  /** Of the signed 64-bit number the library makes of an address; see {@link found}. */
  readonly address: bigint;
  readonly size: number;
  readonly mnemonic: string;
  readonly op_str: string;
}

interface Engine {
  option(option: number, value: number): void;
  /** Up to the first bytes that are no instruction; throws a string when there is none at all. */
  disasm(code: Uint8Array, address: bigint): CapstoneInstruction[];
}

/** The library once its WebAssembly is compiled. */
export interface Capstone {
  readonly Capstone: new (architecture: number, mode: number) => Engine;
  readonly ARCH_X86: number;
  readonly ARCH_ARM64: number;
  readonly MODE_64: number;
  readonly MODE_ARM: number;
  readonly OPT_SYNTAX: number;
  readonly OPT_SYNTAX_ATT: number;
}

export type CapstoneEngine = Engine;

type Factory = (options: { locateFile: (name: string, directory: string) => string }) => Promise<Capstone>;

/**
 * A program that has no node_modules (a single executable) says here where its files are, by their names, before a command runs:
 * `globalThis[Symbol.for('bpf-ts.files')] = { 'capstone.wasm': path }`. Anything that Node's `readFileSync` opens will do.
 */
const FILES = Symbol.for('bpf-ts.files');

/** Loads the disassembler library (3.6 MB, some 35 ms), which nothing else needs. */
export async function loadCapstone(): Promise<Capstone> {
  const { default: factory } = (await import('@alexaltea/capstone-js' as string)) as { default: Factory };
  const files = (globalThis as { [FILES]?: Readonly<Record<string, string>> })[FILES];
  return factory({ locateFile: (name, directory) => files?.[name] ?? directory + name });
}
