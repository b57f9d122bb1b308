// Key by key: for kernels and map types without batches.
import { mapGetNextKey, mapLookupElem } from '../../native/bpf.js';
import { SyscallError } from '../../native/error.js';
import { KeySet } from './key-set.js';
import type { BpfMap } from './map.js';

/** A map that is changed faster than it can be read. */
export class MapChangesError extends Error {
  override readonly name = 'MapChangesError';

  constructor(map: BpfMap, read: number) {
    super(`read ${map.title}: it changes faster than it can be read; ${read} entries were read, others may be missing`);
  }
}

// How often the keys of a map may be walked through before it is given up: a restart from the first key costs up to one walk.
const WALKS = 8;
// For maps that have no maximum.
const UNBOUNDED = 1 << 16;
// How many keys are tried, from the last one back, to find one that is still there.
const STEPS_BACK = 64;

/**
 * All keys of a map, each once. The kernel finds the next key by the one before; when that was deleted meanwhile it starts from the first key again
 * (or ends), so keys that were given are remembered, and the walk goes on from the last of them that is still there. A key that stays in the map
 * throughout is given; one that comes or goes may or may not be. The view that is given holds until the next one is asked for. `after` is where to
 * go on, `seen` what was given before.
 *
 * @throws {MapChangesError} when the map changes so fast that this does not come to an end.
 */
export function* keys(map: BpfMap, after?: Uint8Array, seen = new KeySet(map.info.keySize)): Generator<Uint8Array> {
  if (map.row.whenGone === 'goes-on') yield* plainKeys(map, after);
  else yield* rememberedKeys(map, after, seen);
}

function* plainKeys(map: BpfMap, after?: Uint8Array): Generator<Uint8Array> {
  const next = new Uint8Array(map.info.keySize);
  const key = new Uint8Array(map.info.keySize);
  if (after) key.set(after);
  for (let more = nextKey(map, after && key, next); more; more = nextKey(map, key, next)) {
    key.set(next);
    yield key;
  }
}

function* rememberedKeys(map: BpfMap, after: Uint8Array | undefined, seen: KeySet): Generator<Uint8Array> {
  const next = new Uint8Array(map.info.keySize);
  let key: Uint8Array | undefined = after?.slice();
  let known = false;
  // A fixed number: what is put in while it is read must not lengthen the walk.
  const most = WALKS * (map.info.maxEntries || UNBOUNDED) + STEPS_BACK;
  for (let calls = 0; ; calls++) {
    if (calls > most) throw new MapChangesError(map, seen.size);
    if (!nextKey(map, key, next)) {
      if (key === undefined || isThere(map, key)) return;
      key = lastStillThere(map, seen);
      known = true;
    } else if (seen.add(next)) {
      key = next.slice();
      known = false;
      yield key;
    } else {
      // Back on ground that was walked: jump to its end once, then go on step by step.
      key = (known ? undefined : lastStillThere(map, seen)) ?? next.slice();
      known = true;
    }
  }
}

function lastStillThere(map: BpfMap, seen: KeySet): Uint8Array | undefined {
  for (let index = seen.size - 1; index >= Math.max(0, seen.size - STEPS_BACK); index--) {
    if (isThere(map, seen.at(index))) return seen.at(index).slice();
  }
  return undefined;
}

// Values that user space may not read (sockets without an 8-byte value) refuse whether or not they are there: then a step forward is as good.
function isThere(map: BpfMap, key: Uint8Array): boolean {
  try {
    return mapLookupElem(map.fd, key, new Uint8Array(map.valueBytes));
  } catch (error) {
    if (error instanceof SyscallError) return true;
    throw error;
  }
}

function nextKey(map: BpfMap, key: Uint8Array | undefined, next: Uint8Array): boolean {
  return mapGetNextKey(map.fd, key, next);
}
