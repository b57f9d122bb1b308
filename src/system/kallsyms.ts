import { openSync } from 'node:fs';
import { close } from '../../native/system.js';
import { readSome } from './read-file.js';

const CHUNK = 256 * 1024;
/** With more names looked up than this, an index over all lines costs less than one search of the text for each. */
const SEARCHES = 24;
const LINE_FEED = 10;
const DIGITS = /^[0-9a-f]{16}$/;
const LOW_48 = 0xffff_ffff_ffffn;
/** The upper 16 bits of every address of the kernel, on x86-64 and arm64. */
const KERNEL_HALF = 0xffffn;
const FUNCTION_KINDS: ReadonlySet<number> = new Set(Buffer.from('tTwW'));

/** One symbol of the kernel. `module` is undefined for the kernel image; programs and trampolines are in `bpf` and such. */
export interface KernelSymbol {
  readonly address: bigint;
  readonly name: string;
  readonly module: string | undefined;
}

/**
 * The kernel's symbols, from /proc/kallsyms. The kernel prints that file symbol by symbol, which takes longer than searching it, so it is read only as far
 * as the symbols that are asked for need it. Symbols whose address is hidden (kernel.kptr_restrict, no CAP_SYSLOG) are not found, nor is any when
 * the file cannot be opened.
 */
export class Kallsyms implements Disposable {
  #text = Buffer.alloc(0);
  #length = 0;
  #fd: number | undefined;
  #end = false;
  #searches = 0;
  #index: Map<number, number> | undefined;
  /** Where functions begin, in ascending order, by the low 48 bits of the address. */
  #functions: Float64Array | undefined;
  readonly #names = new Map<bigint, string | undefined>();

  constructor(readonly path = '/proc/kallsyms') {}

  /** The first symbol at exactly this address; undefined when there is none, or addresses are hidden. */
  nameAt(address: bigint): string | undefined {
    if (address === 0n) return undefined;
    if (!this.#names.has(address)) {
      const line = this.#lineOfAddress(address);
      this.#names.set(address, line === undefined ? undefined : this.#symbolAt(line).name);
    }
    return this.#names.get(address);
  }

  /** The function of the kernel, a module or a program that an address is in, and how many bytes behind its start; undefined when there is none known. */
  containing(address: bigint): { readonly symbol: KernelSymbol; readonly offset: number } | undefined {
    if (address >> 48n !== KERNEL_HALF) return undefined;
    this.#functions ??= this.#sortedFunctions();
    const starts = this.#functions;
    const wanted = Number(address & LOW_48);
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= wanted) low = middle + 1;
      else high = middle;
    }
    const start = starts[low - 1];
    return start === undefined ? undefined : { symbol: this.#symbolAt(this.#indexed().get(start)!), offset: wanted - start };
  }

  /** The first symbol of this name; undefined when there is none, or addresses are hidden. */
  find(name: string): KernelSymbol | undefined {
    const lineEnd = this.#search(` ${name}\n`);
    const withModule = lineEnd < 0 ? this.#search(` ${name}\t`) : -1;
    const at = lineEnd >= 0 ? lineEnd : withModule;
    if (at < 0) return undefined;
    const symbol = this.#symbolAt(this.#text.lastIndexOf(LINE_FEED, at) + 1);
    return symbol.address === 0n ? undefined : symbol;
  }

  /** Every symbol of this name, hidden addresses as 0; variables also when the compiler put a suffix behind it (`.llvm.123`). */
  findAll(name: string): KernelSymbol[] {
    this.#readAll();
    const text = this.#text.subarray(0, this.#length);
    const found: KernelSymbol[] = [];
    for (let at = text.indexOf(` ${name}`, 0, 'latin1'); at >= 0; at = text.indexOf(` ${name}`, at + 1, 'latin1')) {
      const rest = text.toString('latin1', at + 1 + name.length, at + 7 + name.length);
      const isVariable = text[at - 1] === 'd'.charCodeAt(0);
      if (/^[\n\t]/.test(rest) || (isVariable && rest === '.llvm.')) found.push(this.#symbolAt(text.lastIndexOf(LINE_FEED, at) + 1));
    }
    return found;
  }

  /** Every symbol, hidden addresses as 0, in the order of the file. */
  *all(): Generator<KernelSymbol> {
    this.#readAll();
    for (let line = 0; line < this.#length; line = this.#text.indexOf(LINE_FEED, line) + 1) yield this.#symbolAt(line);
  }

  /** Closes the file; what was read stays. */
  [Symbol.dispose](): void {
    if (this.#fd !== undefined) close(this.#fd);
    this.#fd = undefined;
    this.#end = true;
  }

  #lineOfAddress(address: bigint): number | undefined {
    if (this.#searches++ >= SEARCHES) return this.#indexed().get(Number(address & LOW_48));
    const digits = address.toString(16).padStart(16, '0');
    const found = this.#search(`\n${digits} `);
    // The first line has no line feed before it.
    if (this.#text.toString('latin1', 0, digits.length) === digits) return 0;
    return found < 0 ? undefined : found + 1;
  }

  /** Lines by the low 48 bits of their address: the others are the same for all of the kernel, and the rest is a safe integer. */
  #indexed(): Map<number, number> {
    if (this.#index) return this.#index;
    this.#readAll();
    this.#index = new Map();
    for (let line = 0; line < this.#length; line = this.#text.indexOf(LINE_FEED, line) + 1) {
      const address = this.#low48(line);
      if (!this.#index.has(address)) this.#index.set(address, line);
    }
    return this.#index;
  }

  #sortedFunctions(): Float64Array {
    this.#readAll();
    const starts: number[] = [];
    for (let line = 0; line < this.#length; line = this.#text.indexOf(LINE_FEED, line) + 1)
      if (FUNCTION_KINDS.has(this.#text[line + 17]!)) starts.push(this.#low48(line));
    // Hidden addresses are all 0.
    return Float64Array.from(starts.filter((start) => start !== 0)).sort();
  }

  /** Where the text has `needle`, reading on until it is there; -1 when the whole file has not. */
  #search(needle: string): number {
    let from = 0;
    for (;;) {
      const found = this.#text.subarray(0, this.#length).indexOf(needle, from, 'latin1');
      if (found >= 0) return found;
      from = Math.max(0, this.#length - needle.length);
      if (!this.#readMore()) return -1;
    }
  }

  #readAll(): void {
    while (this.#readMore());
  }

  /** Reads about one more chunk; false when there was nothing more. */
  #readMore(): boolean {
    if (this.#end || !this.#open()) return false;
    this.#makeRoom();
    const start = this.#length;
    // Each read gives a page at most.
    while (this.#length < start + CHUNK / 2) {
      const count = readSome(this.#fd!, this.#text.subarray(0, this.#length + CHUNK / 2), this.#length);
      this.#length += count;
      if (count > 0) continue;
      this[Symbol.dispose]();
      this.#dropUnfinishedLine();
      break;
    }
    return this.#length > start;
  }

  /** Every line is taken to end. */
  #dropUnfinishedLine(): void {
    this.#length = this.#text.subarray(0, this.#length).lastIndexOf(LINE_FEED) + 1;
  }

  #open(): boolean {
    try {
      this.#fd ??= openSync(this.path, 'r');
    } catch {
      this.#end = true;
    }
    return !this.#end;
  }

  #makeRoom(): void {
    if (this.#text.length >= this.#length + CHUNK) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(4 * CHUNK, this.#text.length * 2));
    this.#text.copy(larger, 0, 0, this.#length);
    this.#text = larger;
  }

  // A line is 16 hexadecimal digits, a blank, the kind, a blank, the name, and for a module a tab and [its name].
  #symbolAt(line: number): KernelSymbol {
    const end = this.#text.indexOf(LINE_FEED, line);
    const [name, module] = this.#text.toString('latin1', line + 19, end).split('\t');
    return { address: this.#addressAt(line), name: name!, module: module?.slice(1, -1) };
  }

  #low48(line: number): number {
    let value = 0;
    for (let i = line + 4; i < line + 16; i++) {
      const digit = this.#text[i]!;
      value = value * 16 + (digit & 0xf) + (digit > 0x40 ? 9 : 0);
    }
    return value;
  }

  #addressAt(line: number): bigint {
    const digits = this.#text.toString('latin1', line, line + 16);
    return DIGITS.test(digits) ? BigInt(`0x${digits}`) : 0n;
  }
}
