import { viewMemory } from './ffi.js';
import { systemCall } from './system.js';

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;

/**
 * Memory of a descriptor (a map, a perf event) seen as bytes. Reading it after it was unmapped would end the process, so disposing of it first detaches
 * the bytes where JavaScript can do that (Node 22 and later), and otherwise leaves the mapping to the end of the process.
 */
export class Mapping implements Disposable {
  readonly buffer: ArrayBuffer;
  readonly #address: number;

  /** Maps `length` bytes from `offset`, both multiples of the page size. */
  constructor(
    fd: number,
    readonly length: number,
    writable: boolean,
    offset = 0,
  ) {
    this.#address = systemCall('mmap', 0, length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, offset);
    this.buffer = viewMemory(this.#address, length);
  }

  [Symbol.dispose](): void {
    const buffer = this.buffer as ArrayBuffer & { transfer?: () => ArrayBuffer; detached?: boolean };
    if (!buffer.transfer || buffer.detached) return;
    buffer.transfer();
    systemCall('munmap', this.#address, this.length);
  }
}
