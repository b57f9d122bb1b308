import { readBytes } from './read-file.js';

let known: number | undefined;

/** Bytes of a memory page: 4096 on x86-64; 4096, 16384 or 65536 on arm64. */
export function pageSize(): number {
  known ??= process.arch === 'x64' ? 4096 : fromAuxiliaryVector();
  return known;
}

/** AT_PAGESZ of what the kernel told this process at its start: where pages may have several sizes, it is only there. */
function fromAuxiliaryVector(): number {
  const AT_PAGESZ = 6n;
  const bytes = readBytes('/proc/self/auxv');
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    if (bytes.readBigUInt64LE(at) === AT_PAGESZ) return Number(bytes.readBigUInt64LE(at + 8));
  }
  throw new Error('the kernel did not say how large a page is');
}
