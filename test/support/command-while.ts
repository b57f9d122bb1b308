// Runs a command line in this process until something is done while it runs.
import { main } from '../../commands/main.js';
import { MemorySink } from './capture.js';

/**
 * Runs a command that says `attached to` once its programs are attached, does something, and ends it as a hang-up of its terminal would.
 * @param act gets what it printed so far
 * @returns what it said when it failed; undefined when all went well
 */
export async function whileAttached(args: readonly string[], act: (out: string) => Promise<void>): Promise<string | undefined> {
  const [out, err] = [new MemorySink(), new MemorySink()];
  let status: number | undefined;
  const ended = main(args, { out, err, isTerminal: () => false }).then((code) => {
    status = code;
  });
  while (status === undefined && !/attached.to|registered.as/.test(out.text)) await new Promise((resolve) => setTimeout(resolve, 5));
  try {
    if (status === undefined || status === 0) await act(out.text);
  } finally {
    // Without a listener nothing waits any more: what stays was attached.
    if (status === undefined) process.emit('SIGHUP');
    await ended;
  }
  return status === 0 ? undefined : err.text || out.text;
}
