// Files that have no name until they are whole: whatever ends this process before leaves nothing of them.
import { constants, existsSync, openSync } from 'node:fs';
import { isErrno } from '../../native/error.js';
import { linkOpenFile } from '../../native/system.js';

// __O_TMPFILE, with what makes kernels that do not know it refuse to open a directory for writing.
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/** Opens a file without a name in a folder, for writing. Undefined where there are none: on NFS, say, or where names could not be given. */
export function openUnnamed(folder: string, mode: number): number | undefined {
  if (process.platform !== 'linux' || !existsSync('/proc/self/fd')) return undefined;
  try {
    return openSync(folder, O_TMPFILE | constants.O_WRONLY, mode);
  } catch {
    // Opening one with a name says what is wrong with the folder, if that is what it is.
    return undefined;
  }
}

/** Gives it its name, on the file system it is on. False when there is a file of that name. */
export function nameFile(fd: number, path: string): boolean {
  try {
    linkOpenFile(fd, path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw new Error(`write ${path}`, { cause: error });
  }
}
