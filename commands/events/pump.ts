import type { Feed } from '../../src/events/feed.js';
import type { EventWriter } from './event-writer.js';

/** The event loop gets its turn after so many milliseconds of reading. */
const TURN_MS = 5;
/** So much is taken from one source before the next has its turn. */
const BATCH = 256;
/** So much text is put together before it is printed. */
const ENOUGH_TEXT = 1 << 16;

/**
 * Reads a feed until the signal is aborted or the writer wants no more, and gives its text as it comes. Nothing is read ahead of what was printed: while the reader
 * of the output is slow, events stay in the kernel. `beat` is called many times a second.
 */
export async function* pump(feed: Feed, writer: EventWriter, signal: AbortSignal, beat: () => void = () => {}): AsyncGenerator<Uint8Array> {
  while (!signal.aborted && writer.left > 0) {
    const busy = turn(feed, writer);
    beat();
    const text = writer.take();
    if (text) yield text;
    if (!busy) await feed.ready(undefined, signal);
    else await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** What is in the feed now, to its end: for when no more comes. */
export function* rest(feed: Feed, writer: EventWriter): Generator<Uint8Array> {
  for (let busy = true; busy; ) {
    busy = turn(feed, writer);
    const text = writer.take();
    if (text) yield text;
  }
}

/** Whether there may be more at once. */
function turn(feed: Feed, writer: EventWriter): boolean {
  const end = performance.now() + TURN_MS;
  while (writer.left > 0 && writer.waiting < ENOUGH_TEXT && performance.now() < end) {
    if (feed.drain(() => Math.min(BATCH, writer.left)) === 0) return false;
  }
  return writer.left > 0;
}
