// How objects in the kernel are named on a command line, for all commands at once. One file for each kind, so that a command loads only its own.

import type { Words } from '../line/words.js';
import { takeReference, toId } from './handles.js';

export { Handles, last } from './handles.js';
export { takeLink } from './link.js';
export { takeMap, takeMaps } from './map.js';
export { takeProgram, takePrograms } from './program.js';

/** What the words of grammar lines mean, for the help of the commands that take them. */
export const TERMS = {
  program: 'PROG := { id N | pinned FILE | tag TAG | name NAME }',
  map: 'MAP := { id N | pinned FILE | name NAME }',
  link: 'LINK := { id N | pinned FILE }',
  btf: 'BTF := id N',
  type: 'TYPE := a section name without what it attaches to: xdp, kprobe, cgroup/connect4',
  attachType: 'ATTACH_TYPE := { sk_msg_verdict | sk_skb_verdict | sk_skb_stream_verdict | sk_skb_stream_parser | flow_dissector }',
} as const;

/** Takes `id N` of a BTF object and gives the id. */
export function takeBtfId(words: Words): number {
  return toId(takeReference(words, 'BTF', ['id']).value);
}
