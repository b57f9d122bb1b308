import { anchorFields, newer, type Request, required, type Target } from './hook.js';

/** What all hooks of cgroups ask for: a link on the cgroup, beside what others attached there. Since 5.7; `before` and `after` since 6.17. */
export function cgroupRequest({ section, fd, anchor }: Target): Request {
  return {
    via: 'link_create',
    // cgroup/skb says neither: 0, which its programs are loaded with, is ingress.
    attach: section.attach ?? 'CGROUP_INET_INGRESS',
    fields: { target_fd: required(fd, 'a cgroup: cgroup PATH'), ...anchorFields('cgroup', anchor) },
    ...newer(anchor, '6.17'),
  };
}
