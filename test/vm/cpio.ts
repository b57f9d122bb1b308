// A cpio archive in the "newc" form: what the kernel unpacks as its first file system (Documentation/driver-api/early-userspace/buffer-format.rst).

/** A folder when it has no contents. */
export interface Entry {
  /** Without a slash at its start. */
  readonly path: string;
  readonly contents?: Uint8Array;
  readonly executable?: boolean;
}

const [FOLDER, FILE] = [0o040755, 0o100644];
const ALIGNMENT = 4;

/** The archive of these entries, in this order: folders have to come before what lies in them. */
export function cpio(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map((entry, index) => record(entry, index + 1)), record({ path: 'TRAILER!!!' }, 0)]);
}

function record({ path, contents, executable }: Entry, inode: number): Buffer {
  const mode = contents ? FILE | (executable ? 0o111 : 0) : FOLDER;
  const size = contents?.length ?? 0;
  const nameSize = Buffer.byteLength(path) + 1;
  // ino, mode, uid, gid, nlink, mtime, filesize, device and rdevice (major, minor), namesize, check: each as eight hex digits.
  const fields = [inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, nameSize, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${path}\0`;
  return Buffer.concat([padded(Buffer.from(header)), padded(contents ?? new Uint8Array())]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, new Uint8Array(-bytes.length & (ALIGNMENT - 1))]);
}
