// Names of netfilter's families and hooks (linux/netfilter.h, linux/netfilter_arp.h), by number.

/** Protocol families, NFPROTO_*. */
export const NETFILTER_FAMILIES: Readonly<Record<number, string>> = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' };

const INET_HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const ARP_HOOKS = ['input', 'output'];

const HOOKS: Readonly<Record<number, readonly string[]>> = { 1: INET_HOOKS, 2: INET_HOOKS, 3: ARP_HOOKS, 7: INET_HOOKS, 10: INET_HOOKS };

/** The name of a hook of a protocol family; undefined where it has none. */
export function netfilterHookName(family: number, hook: number): string | undefined {
  return HOOKS[family]?.[hook];
}
