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

const MAP_PRIVATE = 2;

/** The contents of a file as a mapping that is read only, to the end of the process. Throws a SyscallError where files of this kind cannot be mapped. */
export function mapFile(fd: number, length: number): Uint8Array {
  return new Uint8Array(viewMemory(systemCall('mmap', 0, length, PROT_READ, MAP_PRIVATE, fd, 0), length));
}

const MAP_FIXED_NOREPLACE = 0x10_0000;

/** Memory of a descriptor at an address that counts (of an arena, say). It can be written; nothing that was seen of it is kept, so it can always be unmapped. */
export interface FixedMapping extends Disposable {
  readonly address: number;
  /** Writes at `offset` from the start; what does not fit throws a RangeError. */
  write(offset: number, bytes: Uint8Array): void;
}

/** Maps `length` bytes at `address`, which has to be free; at one that the kernel chooses when it is 0. */
export function mapMemory(fd: number, length: number, address: bigint): FixedMapping {
  const flags = MAP_SHARED | (address === 0n ? 0 : MAP_FIXED_NOREPLACE);
  const start = systemCall('mmap', address, length, PROT_READ | PROT_WRITE, flags, fd, 0);
  return {
    address: start,
    write(offset, bytes) {
      if (offset + bytes.length > length) throw new RangeError(`${bytes.length} bytes at ${offset} do not fit ${length}`);
      if (bytes.length > 0) new Uint8Array(viewMemory(start + offset, bytes.length)).set(bytes);
    },
    [Symbol.dispose]() {
      systemCall('munmap', start, length);
    },
  };
}
