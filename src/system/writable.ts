// Whether a descriptor takes bytes: so that a reader who is slow does not stop the whole process in write(2).
import { pollWritable, whenWritable } from '../../native/poll.js';

/** POSIX's PIPE_BUF on Linux: a pipe that is ready for writing takes so many bytes without waiting. */
export const ATOMIC_BYTES = 4096;

/**
 * Waits on the event loop until a descriptor takes {@link ATOMIC_BYTES} bytes without waiting, or its reader has gone; at once where it does, as files
 * always do.
 */
export async function untilWritable(fd: number): Promise<void> {
  while (!pollWritable(fd)) await whenWritable(fd);
}
