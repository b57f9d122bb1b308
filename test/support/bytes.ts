// Bytes for keys and values.

/** Numbers as little-endian u32, one after the other. */
export function u32(...numbers: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

/** Numbers as little-endian u64, one after the other. */
export function u64(...numbers: number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(numbers, BigInt).buffer);
}

/** `size` bytes that count up from `first`. */
export function counting(size: number, first = 0): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => first + i);
}
