import { type OffloadDevice, offloadDevice } from '../system/offload.js';
import type { MapInfo, MapState } from './info.js';
import type { BpfMap } from './map.js';

/** A map as listings show it: all that is known of it, without the handle. */
export interface ListedMap extends MapInfo, MapState {
  readonly device: OffloadDevice | undefined;
}

/** Reads all that a listing shows of a map. */
export function listMap(map: BpfMap): ListedMap {
  const { info } = map;
  return { ...info, ...map.state, device: offloadDevice(info.ifindex, info.netnsDevice, info.netnsInode) };
}
