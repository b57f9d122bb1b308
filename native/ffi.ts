// The only file that knows the FFI library. Everything it offers is a system call by number.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type koffiModule from 'koffi';

type Koffi = typeof koffiModule;

const MUSL_LOADERS: Readonly<Record<string, string>> = { x64: '/lib/ld-musl-x86_64.so.1', arm64: '/lib/ld-musl-aarch64.so.1' };

/**
 * A program that has no node_modules (a single executable) says here where its files are, by their names, before anything is called:
 * `globalThis[Symbol.for('bpf-ts.files')] = { 'koffi.node': path }`.
 */
const FILES = Symbol.for('bpf-ts.files');

/**
 * The binary for glibc by its place takes 2 ms less than its package, which first finds out which C library there is, and that takes 5 ms less than the
 * package that looks for the platform's.
 */
function loadLibrary(): Koffi {
  const require = createRequire(import.meta.url);
  const own = (globalThis as { [FILES]?: Readonly<Record<string, string>> })[FILES]?.['koffi.node'];
  if (own !== undefined) {
    const module = { exports: {} };
    process.dlopen(module, own);
    return module.exports as Koffi;
  }
  const ofPlatform = `@koromix/koffi-${process.platform}-${process.arch}`;
  const ofGlibc = `${ofPlatform}/${process.platform}_${process.arch}/koffi.node`;
  for (const name of existsSync(MUSL_LOADERS[process.arch] ?? '') ? [ofPlatform] : [ofGlibc, ofPlatform]) {
    try {
      return require(name) as Koffi;
    } catch {
      // Another version of the package may have another place for it, and some package manager have left it out.
    }
  }
  return require('koffi') as Koffi;
}

interface Binding {
  koffi: Koffi;
  bpf: (number: number, command: number, attr: number, size: number) => number;
  bpfAsync: (number: number, command: number, attr: number, size: number, done: (error: Error | null, result: number) => void) => void;
  any: (number: number, ...args: (number | bigint)[]) => number;
  anyAsync: (...args: unknown[]) => void;
}

let loaded: Binding | undefined;

function binding(): Binding {
  if (loaded) return loaded;
  if (process.platform !== 'linux') throw new Error(`bpf() is a system call of Linux; this is ${process.platform}`);
  const koffi = loadLibrary();
  const libc = koffi.load(null);
  // Declared with fixed arguments: a third faster than as the variadic function it is; libc reads only those that the call number takes.
  const bpf = libc.func('int syscall(long n, int cmd, uintptr_t attr, uint32_t size)');
  const any = libc.func('int64_t syscall(long n, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f)');
  loaded = { koffi, bpf: bpf as never, bpfAsync: bpf.async as never, any: any as never, anyAsync: any.async as never };
  return loaded;
}

/** Calls bpf(2) with an attribute at `address`. Returns what the kernel returns: a result from 0 up, or minus the errno. */
export function callBpf(number: number, command: number, address: number, size: number): number {
  const ffi = binding();
  const result = ffi.bpf(number, command, address, size);
  return result < 0 ? -ffi.koffi.errno() : result;
}

/** The same on another thread. The errno of a failed call is lost there, so a failure resolves to -1. */
export function callBpfAsync(number: number, command: number, address: number, size: number): Promise<number> {
  const ffi = binding();
  return new Promise((resolve, reject) => {
    ffi.bpfAsync(number, command, address, size, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Calls any system call; integers and addresses only. Returns a result from 0 up, or minus the errno. */
export function callSystem(number: number, args: readonly (number | bigint)[]): number {
  const ffi = binding();
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
  const result = Number(ffi.any(number, a, b, c, d, e, f));
  return result < 0 ? -ffi.koffi.errno() : result;
}

/** The same for four words, without a list: for calls that are made thousands of times. */
export function callSystemQuickly(number: number, a: number, b: number, c: number, d: number): number {
  const ffi = binding();
  const result = Number(ffi.any(number, a, b, c, d, 0, 0));
  return result < 0 ? -ffi.koffi.errno() : result;
}

/** The same on another thread, for calls that wait; a failure resolves to -1, without its errno. */
export function callSystemAsync(number: number, args: readonly (number | bigint)[]): Promise<number> {
  const ffi = binding();
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
  return new Promise((resolve, reject) => {
    ffi.anyAsync(number, a, b, c, d, e, f, (error: Error | null, result: number) => (error ? reject(error) : resolve(Number(result))));
  });
}

/** The address of an ArrayBuffer's memory, which does not move for as long as the buffer is reachable and not transferred. */
export function addressOfBuffer(buffer: ArrayBufferLike): number {
  return Number(binding().koffi.address(buffer as ArrayBuffer));
}

/** `length` bytes at an address as an ArrayBuffer; reading it after the memory is unmapped ends the process. */
export function viewMemory(address: number, length: number): ArrayBuffer {
  return binding().koffi.view(BigInt(address) as never, length);
}

/** Calls back when a descriptor becomes readable; the function that is returned ends it. Undefined where that is not possible. */
export function watchReadable(fd: number, callback: () => void): (() => void) | undefined {
  return watch(fd, { readable: true }, callback);
}

/** Calls back when a descriptor takes bytes. As {@link watchReadable}, undefined too for what cannot be waited for. */
export function watchWritable(fd: number, callback: () => void): (() => void) | undefined {
  try {
    return watch(fd, { writable: true }, callback);
  } catch {
    return undefined;
  }
}

function watch(fd: number, what: object, callback: () => void): (() => void) | undefined {
  const node = (binding().koffi as unknown as { node?: { poll?: (...args: unknown[]) => { close(): void } } }).node;
  if (!node?.poll || 'bun' in process.versions) return undefined;
  const handle = node.poll(fd, what, callback);
  return () => handle.close();
}
