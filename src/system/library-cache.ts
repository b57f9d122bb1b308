import { Cursor } from '../bytes/cursor.js';
import { cString } from '../bytes/text.js';

const CACHE = 'glibc-ld.so.cache1.1';
// FLAG_ELF_LIBC6 and the flag of the architecture (sysdeps/generic/ldconfig.h in glibc)
const FLAGS: Readonly<Record<string, number>> = { x64: 0x0303, arm64: 0x0a03 };

/**
 * Libraries by name (`libc.so.6`), with their paths, from the bytes of /etc/ld.so.cache: those of an architecture of Node, the preferred one of each name.
 * Empty when it is no cache of glibc.
 */
export function parseLibraryCache(bytes: Uint8Array, arch: string): ReadonlyMap<string, string> {
  const libraries = new Map<string, string>();
  // Caches for old releases of glibc have a part for even older ones before it; offsets count from the magic text.
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(CACHE, 0, 'latin1');
  if (start < 0) return libraries;
  const cache = bytes.subarray(start);
  const cursor = new Cursor(cache, 'ld.so.cache', true);
  cursor.skip(CACHE.length);
  const count = cursor.u32();
  cursor.skip(24);
  for (let i = 0; i < count; i++) {
    const [flags, key, value] = [cursor.u32(), cursor.u32(), cursor.u32()];
    cursor.skip(12);
    const name = cString(cache.subarray(key));
    if (flags === FLAGS[arch] && !libraries.has(name)) libraries.set(name, cString(cache.subarray(value)));
  }
  return libraries;
}
