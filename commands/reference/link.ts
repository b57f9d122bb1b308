import { Link } from '../../src/link/link.js';
import type { Words } from '../line/words.js';
import { takeReference, toId } from './handles.js';

/** Takes a LINK. The caller disposes of it. */
export function takeLink(words: Words): Link {
  const { by, value } = takeReference(words, 'LINK', ['id', 'pinned']);
  return by === 'id' ? Link.fromId(toId(value)) : Link.fromPin(value);
}
