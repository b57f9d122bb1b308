const utf8 = new TextDecoder();

/** The text up to the first NUL byte, or all of it; bytes that are not UTF-8 become U+FFFD. */
export function cString(bytes: Uint8Array, offset = 0): string {
  const end = bytes.indexOf(0, offset);
  return utf8.decode(bytes.subarray(offset, end < 0 ? bytes.length : end));
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

// A text that is put together from so many parts takes more memory than its bytes many times over.
const MANY = 64;

/** Lower-case hex digits, two a byte, with `separator` between bytes. */
export function hex(bytes: Uint8Array, separator = ''): string {
  if (bytes.length > MANY) return manyDigits(bytes, separator);
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : '') + DIGITS[bytes[i]!];
  return text;
}

function manyDigits(bytes: Uint8Array, separator: string): string {
  if (separator !== '') return Array.from(bytes, (byte) => DIGITS[byte]).join(separator);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
