import type { Hook } from './hook.js';

/** Data that arrives at the sockets of a SOCKMAP or SOCKHASH. */
export const skSkb: Hook = {
  name: 'sk_skb',
  program: 'SK_SKB',
  link: 'SOCKMAP',
  target: 'map',
  since: '4.14',
  sections: [
    { name: 'sk_skb/stream_parser', attach: 'SK_SKB_STREAM_PARSER', flags: ['ATTACHABLE_OPT'] },
    { name: 'sk_skb/stream_verdict', attach: 'SK_SKB_STREAM_VERDICT', flags: ['ATTACHABLE_OPT'] },
    { name: 'sk_skb/verdict', attach: 'SK_SKB_VERDICT', flags: ['ATTACHABLE_OPT'] },
    { name: 'sk_skb' },
  ],
};

/** Data that the sockets of a SOCKMAP or SOCKHASH send. */
export const skMsg: Hook = {
  name: 'sk_msg',
  program: 'SK_MSG',
  link: 'SOCKMAP',
  target: 'map',
  since: '4.17',
  sections: [{ name: 'sk_msg', attach: 'SK_MSG_VERDICT', flags: ['ATTACHABLE_OPT'] }],
};
