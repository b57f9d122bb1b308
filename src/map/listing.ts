import { type OffloadDevice, offloadDevice } from '../system/offload.js';
import { type MapInfo, type MapState, mapStateFrom } from './info.js';
import type { BpfMap } from './map.js';

/** A map as listings show it: all that is known of it, without the handle. */
export interface ListedMap extends MapInfo, MapState {
  readonly device: OffloadDevice | undefined;
}

/** Reads all that a listing shows of a map. `fdinfo` is what another process's descriptor of it was told, where that was read just now. */
export function listMap(map: BpfMap, fdinfo?: string): ListedMap {
  const { info } = map;
  const state = fdinfo === undefined ? map.state : mapStateFrom(fdinfo);
  return { ...info, ...state, device: offloadDevice(info.ifindex, info.netnsDevice, info.netnsInode) };
}
