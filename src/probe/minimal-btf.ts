import { btfLoad } from '../../native/bpf.js';
import type { Fd } from '../../native/fd.js';
import { BTF_MAGIC } from '../btf/header.js';
import { BTF_KINDS, type BtfKind } from '../btf/types.js';

const BPF_F_TOKEN_FD = 1 << 16;

/** The head of a type's record and the words that follow it. Names are offsets into the strings that go with it. */
export function record(kind: BtfKind, name: number, sizeOrType: number, words: readonly number[] = [], vlen = 0): number[] {
  return [name, (BTF_KINDS.indexOf(kind) << 24) | vlen, sizeOrType, ...words];
}

/** `int`: 4 bytes, signed. */
export const INT = (name = 0): number[] => record('INT', name, 4, [(1 << 24) | 32]);

/** Loads BTF of these words, with strings separated by NUL; `layout` (words) describes kinds to readers that do not know them. Throws a SyscallError. */
export function loadWords(words: readonly number[], strings: string, token: number, layout: readonly number[] = []): Fd {
  const text = new TextEncoder().encode(`\0${strings}\0`);
  const [typeBytes, layoutBytes] = [words.length * 4, layout.length * 4];
  const header = [0, typeBytes, typeBytes + layoutBytes, text.length, ...(layout.length > 0 ? [typeBytes, layoutBytes] : [])];
  const headerBytes = 8 + header.length * 4;
  const bytes = new Uint8Array(headerBytes + typeBytes + layoutBytes + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, BTF_MAGIC, true);
  view.setUint8(2, 1);
  for (const [i, word] of [headerBytes, ...header, ...words, ...layout].entries()) view.setUint32(4 + i * 4, word >>> 0, true);
  bytes.set(text, bytes.length - text.length);
  return btfLoad({ btf: bytes, btf_size: bytes.length, btf_token_fd: token || undefined, btf_flags: token ? BPF_F_TOKEN_FD : 0 });
}
