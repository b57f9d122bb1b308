import { type Hook, type Request, required, type Target } from './hook.js';

/** A link since 6.13, before that BPF_PROG_ATTACH. */
function request({ section, fd }: Target): Request {
  const attach = required(section.attach, 'a kind: sk_skb/stream_parser, sk_skb/stream_verdict or sk_skb/verdict');
  const fields = { target_fd: required(fd, 'a SOCKMAP or SOCKHASH: map MAP') };
  return { via: 'link_create', attach, fields, otherwise: { via: 'prog_attach', attach, fields } };
}

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
    { name: 'sk_skb/verdict', attach: 'SK_SKB_VERDICT', flags: ['ATTACHABLE_OPT'], since: '5.13' },
    { name: 'sk_skb' },
  ],
  request,
};

/** Data that the sockets of a SOCKMAP or SOCKHASH send. */
export const skMsg: Hook = {
  name: 'sk_msg',
  program: 'SK_MSG',
  link: 'SOCKMAP',
  target: 'map',
  since: '4.17',
  sections: [{ name: 'sk_msg', attach: 'SK_MSG_VERDICT', flags: ['ATTACHABLE_OPT'] }],
  request,
};
