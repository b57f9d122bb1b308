import { Link } from '../../src/link/link.js';
import type { Words } from '../line/words.js';
import { withStatus } from '../print/errno-status.js';
import { takeReference, toId } from './handles.js';

/** Takes a LINK. The caller disposes of it. */
export function takeLink(words: Words): Link {
  const { by, value } = takeReference(words, 'LINK', ['id', 'pinned']);
  if (by === 'pinned') return Link.fromPin(value);
  const id = toId(value);
  return withStatus(() => Link.fromId(id));
}
