import { closeSync, fstatSync } from 'node:fs';

/**
 * To be called when a terminal may have gone: closes, when the process ends, what was open on it. Node gives every terminal that it began with its modes back
 * at its end, and aborts, with a core dump, where that fails (ResetStdio in src/node.cc).
 */
export function forgetGoneTerminal(): void {
  process.once('exit', () => {
    for (const fd of [0, 1, 2]) if (isGone(fd)) closeSync(fd);
  });
}

/** A terminal that has gone is still a device, and no terminal any more. */
function isGone(fd: number): boolean {
  try {
    return isDevice(fd) && !process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false;
  }
}

/** Whether a descriptor is of a character device, as terminals are. */
export function isDevice(fd: number): boolean {
  return fstatSync(fd).isCharacterDevice();
}
