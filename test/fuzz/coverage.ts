// What inputs reach, as the counters of instrument.ts say.
import { register } from 'node:module';
import type { Instrumentation } from './instrument.js';

/** So many blocks there can be; there are some 20,000. */
const BLOCKS = 1 << 16;

declare global {
  /** Called by every module that is counted: gives the counters, of which it uses some below `end`. */
  var bpfTsCounters: (end: number) => Uint8Array;
}

const hits = new Uint8Array(BLOCKS);
const words = new Uint32Array(hits.buffer);
/** Counters behind these are no module's. */
let used = 0;

/** How new something is: nothing, a block that ran as often as never before (in powers of two), a block that never ran. */
export type News = 'none' | 'count' | 'block';

/** Counts from now on in every module of ours that is loaded. */
export function startCounting(): void {
  globalThis.bpfTsCounters = (end) => {
    if (end > BLOCKS) throw new Error(`${end} blocks are more than there are counters`);
    used = Math.max(used, end);
    return hits;
  };
  const root = new URL('../../', import.meta.url);
  const data: Instrumentation = { below: ['src/', 'native/', 'commands/'].map((room) => new URL(room, root).href) };
  register('./instrument.js', import.meta.url, { data });
}

/** 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128 and more, each as a bit. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, n) =>
  n < 3 ? n : n === 3 ? 4 : n < 8 ? 8 : n < 16 ? 16 : n < 32 ? 32 : n < 128 ? 64 : 128,
);

/** What the inputs of one target reached so far. */
export class Coverage {
  readonly #seen = new Uint8Array(BLOCKS);
  #blocks = 0;

  /** Blocks that ran at least once. */
  get blocks(): number {
    return this.#blocks;
  }

  /** Before an input. */
  begin(): void {
    hits.fill(0, 0, used);
  }

  /** What the input reached that none before did; from now on that is known. */
  end(): News {
    let news: News = 'none';
    for (let word = 0; word * 4 < used; word++) {
      if (words[word] === 0) continue;
      for (let at = word * 4; at < word * 4 + 4; at++) {
        const reached = CLASSES[hits[at]!]!;
        const seen = this.#seen[at]!;
        if ((seen | reached) === seen) continue;
        this.#seen[at] = seen | reached;
        if (seen === 0) {
          this.#blocks += 1;
          news = 'block';
        } else if (news === 'none') news = 'count';
      }
    }
    return news;
  }
}
