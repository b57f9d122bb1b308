import { addressOfBuffer } from './ffi.js';

/**
 * The address of a buffer's first byte. Valid for as long as the buffer is reachable: keep a reference until the call has returned.
 */
export function addressOf(bytes: Uint8Array): number {
  // Reading .buffer first moves a small array that still lives on the JavaScript heap out of it, once and for all.
  const buffer = bytes.buffer;
  return addressOfBuffer(buffer) + bytes.byteOffset;
}

/** Memory with a fixed address, for calls made so often that asking for it each time would count. */
export class Arena {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly address: number;

  constructor(size: number) {
    this.bytes = new Uint8Array(new ArrayBuffer(size));
    this.view = new DataView(this.bytes.buffer);
    this.address = addressOf(this.bytes);
  }
}

/** Text as the kernel takes it: UTF-8 and a NUL byte. Text with a NUL inside would be cut short, so it is refused. */
export function cText(text: string): Uint8Array {
  if (text.includes('\0')) throw new RangeError(`${JSON.stringify(text)} contains a NUL character`);
  return new TextEncoder().encode(`${text}\0`);
}
