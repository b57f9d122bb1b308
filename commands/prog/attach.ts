import { type AttachTypeName, attachTypes } from '../../src/kernel/names.js';
import { done, subcommand } from '../command.js';
import { isPrefix, type Words } from '../line/words.js';
import { INVALID, withStatus } from '../print/errno-status.js';
import { Failure } from '../print/failure.js';
import { takeMap, takeProgram } from '../reference/reference.js';

// In the order of enum bpf_attach_type, which decides what a beginning of an old name means.
const TYPES: readonly (readonly [type: AttachTypeName, old?: string])[] = [
  ['SK_SKB_STREAM_PARSER', 'stream_parser'],
  ['SK_SKB_STREAM_VERDICT', 'stream_verdict'],
  ['SK_MSG_VERDICT', 'msg_verdict'],
  ['FLOW_DISSECTOR'],
  ['SK_SKB_VERDICT', 'skb_verdict'],
];
const GRAMMAR = 'PROG ATTACH_TYPE [MAP]';

/** `prog attach PROG ATTACH_TYPE [MAP]` */
export const attach = subcommand({
  name: 'attach',
  summary: 'Attach a program to a sockmap, or the flow dissector to this network namespace, without a link',
  grammar: GRAMMAR,
  examples: ['bpf-ts prog attach name verdict sk_msg_verdict name sock_map', 'bpf-ts prog attach id 7 flow_dissector'],
  failure: { missing: INVALID },
  run: (words) => change(words, 'attach'),
});

/** `prog detach PROG ATTACH_TYPE [MAP]` */
export const detach = subcommand({
  name: 'detach',
  summary: 'Undo `prog attach`',
  grammar: GRAMMAR,
  failure: { missing: INVALID },
  run: (words) => change(words, 'detach'),
});

function change(words: Words, verb: 'attach' | 'detach') {
  using program = takeProgram(words);
  const type = attachType(words.next('ATTACH_TYPE'));
  // The flow dissector belongs to the network namespace of the caller.
  using map = type === attachTypes.valueOf('flow_dissector') ? undefined : takeMap(words);
  words.end();
  withStatus(() => program[verb](type, map?.fd ?? 0), INVALID);
  return done;
}

function attachType(word: string): number {
  const found = TYPES.find(([type, old]) => word === type.toLowerCase() || (old !== undefined && isPrefix(word, old)));
  if (found) return attachTypes.valueOf(found[0].toLowerCase())!;
  const types = TYPES.map(([type]) => type.toLowerCase()).join(', ');
  throw new Failure(`'${word}' is no attach type of this command: ${types}`, { exitCode: INVALID });
}
