import { mapGetFdById } from '../../native/bpf.js';
import { unlessGone } from '../system/gone.js';
import { BpfMap } from './map.js';
import { rows } from './rows.js';

/** The maps that a map of maps holds, each once, to be disposed of by who takes them; none of any other map. One that goes away meanwhile is left out. */
export function innerMaps(map: BpfMap): BpfMap[] {
  if (map.row.value !== 'map') return [];
  const READ = 1 << 3;
  const ids = new Set([...rows(map)].map(({ value }) => new DataView(value.buffer, value.byteOffset).getUint32(0, true)));
  return [...ids].flatMap((id) => {
    const fd = unlessGone(() => mapGetFdById(id, READ));
    return fd ? [new BpfMap(fd)] : [];
  });
}
