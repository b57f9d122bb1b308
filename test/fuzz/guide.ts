import { Coverage, type News } from './coverage.js';
import type { ByteSeed } from './mutate-bytes.js';
import type { Random } from './random.js';

/** Inputs of one target that are kept: enough for all blocks; those that only ran a block more often give way. */
const MOST = 400;
/** What is longer tells nothing that what is shorter does not, and takes long. */
const LONGEST = 1 << 16;
/** The last ones are damaged more often: what is behind a new block was not looked at yet. */
const RECENT = 32;

interface Kept {
  readonly input: ByteSeed;
  readonly news: News;
}

/** Leads one target to what no input did yet: inputs that reach something new are kept, and damaged further. */
export class Guide {
  readonly #coverage = new Coverage();
  readonly #kept: Kept[] = [];
  #next = 0;

  /** Blocks of our code that the inputs reached. */
  get blocks(): number {
    return this.#coverage.blocks;
  }

  /** The inputs that are kept. */
  get kept(): readonly ByteSeed[] {
    return this.#kept.map(({ input }) => input);
  }

  /** What the next input is a damaged copy of; undefined for one of the seeds. */
  parent(random: Random): ByteSeed | undefined {
    if (this.#kept.length === 0 || random.once(4)) return undefined;
    const among = random.once(2) ? this.#kept.slice(-RECENT) : this.#kept;
    return random.pick(among).input;
  }

  before(): void {
    this.#coverage.begin();
  }

  /** How new what was done since then is. */
  news(): News {
    return this.#coverage.end();
  }

  after(input: ByteSeed): void {
    const news = this.news();
    if (news === 'none' || input.bytes.length > LONGEST) return;
    if (this.#kept.length >= MOST) this.#forget();
    this.#kept.push({ input, news });
  }

  /** Makes room: the oldest that reached no block of its own goes, or, where all did, the next in turn. */
  #forget(): void {
    const least = this.#kept.findIndex(({ news }) => news === 'count');
    this.#kept.splice(least >= 0 ? least : this.#next++ % this.#kept.length, 1);
  }
}
