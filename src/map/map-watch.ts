import type { BpfMap } from './map.js';
import { type Difference, differences, equalBytes, Snapshot, takeSnapshot } from './snapshot.js';
import { MapChangesError } from './walk.js';

/** What a look at a map finds: elements that differ from the look before, that it changed too fast to be read as a whole, or that it is gone. */
export type Sight = Difference | { readonly change: 'missed'; readonly reason: string } | { readonly change: 'gone' };

const NOTHING = new Snapshot(0, 0);

/**
 * Follows the elements of a map by looking at it now and then. What is written and taken out again, or written twice, between two looks is not seen; what is
 * there when it is looked at is. The map is opened for each look, so that watching does not keep it in the kernel.
 */
export class MapWatch {
  #known: Snapshot | undefined;

  /** `open` gives the map, to be closed here, or undefined when it is gone. */
  constructor(readonly open: () => BpfMap | undefined) {}

  /** What was there at the first look. */
  async first(): Promise<Snapshot> {
    using map = this.open();
    this.#known = map ? await takeSnapshot(map) : NOTHING;
    return this.#known;
  }

  /** What is different since the last look. */
  async *look(): AsyncGenerator<Sight> {
    using map = this.open();
    if (!map) return yield { change: 'gone' };
    let now: Snapshot;
    try {
      now = await takeSnapshot(map);
    } catch (error) {
      if (!(error instanceof MapChangesError)) throw error;
      return yield { change: 'missed', reason: error.message };
    }
    const before = this.#known ?? NOTHING;
    this.#known = now;
    yield* differences(before, now, equalBytes);
  }
}
