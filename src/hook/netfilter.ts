import type { Hook } from './hook.js';

/** Packets at a hook of netfilter, with its protocol family, hook number and priority. */
export const netfilter: Hook = {
  name: 'netfilter',
  program: 'NETFILTER',
  link: 'NETFILTER',
  target: 'netfilter',
  since: '6.4',
  sections: [{ name: 'netfilter', attach: 'NETFILTER' }],
};
