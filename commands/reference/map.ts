import { type Access, BpfMap } from '../../src/map/map.js';
import type { Words } from '../line/words.js';
import { Handles, matching, only, opened, takeReference, toId } from './handles.js';

/** Takes a MAP: all maps that it names, at least one, opened with that access. The caller disposes of them. */
export function takeMaps(words: Words, access: Access = 'both'): Handles<BpfMap> {
  const { by, value } = takeReference(words, 'MAP', ['id', 'name', 'pinned']);
  switch (by) {
    case 'id':
      return new Handles([BpfMap.fromId(toId(value), access)]);
    case 'pinned':
      return new Handles([BpfMap.fromPin(value, access)]);
    case 'name':
      return mapsNamed(value, access);
  }
}

/** Takes a MAP that has to name one map. The caller disposes of it. */
export function takeMap(words: Words, access: Access = 'both'): BpfMap {
  return only(takeMaps(words, access), 'maps');
}

/** Maps of that name are looked for through descriptors that can only read, and those that match opened as asked for. */
function mapsNamed(name: string, access: Access): Handles<BpfMap> {
  const found = matching(BpfMap.all('read'), (map) => map.name === name, `no map named '${name}'`);
  if (access === 'read') return found;
  using readers = found;
  return opened([...readers].map((map) => () => BpfMap.fromId(map.id, access)));
}
