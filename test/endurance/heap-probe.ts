// Preloaded into a tool that is observed: on SIGUSR2 it collects all garbage and writes what is left, a line of JSON, to the file $ENDURANCE_HEAP.
import { appendFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process still refers to, in bytes. */
export interface HeapLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** JavaScript's heap, what hangs on it outside, and buffers. */
  readonly heap: number;
  readonly external: number;
  /** Resident memory without the room that JavaScript's heap has: code, libraries, what native code has allocated. */
  readonly native: number;
}

let collect: (() => void) | undefined;

process.on('SIGUSR2', () => {
  collect ??= collector();
  collect();
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  const line: HeapLine = { time: Date.now(), heap: heapUsed, external, native: rss - heapTotal };
  appendFileSync(process.env.ENDURANCE_HEAP!, `${JSON.stringify(line)}\n`);
});

/** Made late: a flag from the start on would keep the tool from using its compiled code. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
