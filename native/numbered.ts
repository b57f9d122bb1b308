// The entries of /proc/PID/fd and /proc/PID/fdinfo, which are called by numbers, and of which there may be thousands. Node's own calls take half as long again,
// and memory for a path each time.
import { callSystemQuickly } from './ffi.js';
import { Arena } from './memory.js';
import { systemCallNumber } from './system.js';

const NAME_ROOM = 32;
const ROOM = 1 << 14;
const O_CLOEXEC = 0o2000000;
const EINTR = 4;

interface Memory {
  readonly arena: Arena;
  readonly address: number;
  readonly result: Buffer & { latin1Slice(start: number, end: number): string };
  readonly calls: Readonly<Record<'readlinkat' | 'openat' | 'read' | 'close', number>>;
}

let memory: Memory | undefined;

function prepare(): Memory {
  const arena = new Arena(NAME_ROOM + ROOM);
  const [readlinkat, openat, read, close] = [
    systemCallNumber('readlinkat'),
    systemCallNumber('openat'),
    systemCallNumber('read'),
    systemCallNumber('close'),
  ];
  const result = Buffer.from(arena.bytes.buffer, NAME_ROOM) as Memory['result'];
  memory = { arena, address: arena.address, result, calls: { readlinkat, openat, read, close } };
  return memory;
}

/** Where a link leads in a folder that is open; undefined when it has gone or is not ours to read. */
export function numberedLink(folder: number, name: string): string | undefined {
  const { arena, address, result, calls } = memory ?? prepare();
  write(arena.bytes, name);
  const length = callSystemQuickly(calls.readlinkat, folder, address, address + NAME_ROOM, ROOM);
  return length < 0 ? undefined : result.latin1Slice(0, length);
}

/** The text of a file in a folder that is open, of at most 16 KB that the kernel gives in one piece; undefined as before, or when it is longer. */
export function numberedFile(folder: number, name: string): string | undefined {
  const { arena, address, result, calls } = memory ?? prepare();
  write(arena.bytes, name);
  const fd = callSystemQuickly(calls.openat, folder, address, O_CLOEXEC, 0);
  if (fd < 0) return undefined;
  let length: number;
  do length = callSystemQuickly(calls.read, fd, address + NAME_ROOM, ROOM, 0);
  while (length === -EINTR);
  callSystemQuickly(calls.close, fd, 0, 0, 0);
  return length < 0 || length === ROOM ? undefined : result.latin1Slice(0, length);
}

/** Names are decimal numbers. */
function write(bytes: Uint8Array, name: string): void {
  const length = Math.min(name.length, NAME_ROOM - 1);
  for (let i = 0; i < length; i++) bytes[i] = name.charCodeAt(i);
  bytes[length] = 0;
}
