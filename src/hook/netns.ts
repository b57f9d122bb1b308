import { type Hook, type Request, required, type Target } from './hook.js';

/** Links since 5.8. */
function request({ section, fd }: Target): Request {
  return { via: 'link_create', attach: section.attach, fields: { target_fd: required(fd, 'a network namespace: netns PATH') } };
}

/** Dissects packets of a network namespace in place of the kernel's own dissector. */
export const flowDissector: Hook = {
  name: 'flow_dissector',
  program: 'FLOW_DISSECTOR',
  link: 'NETNS',
  target: 'network namespace',
  since: '4.20',
  sections: [{ name: 'flow_dissector', attach: 'FLOW_DISSECTOR', flags: ['ATTACHABLE_OPT'] }],
  request,
};

/** Chooses the listening socket for a packet that arrives in a network namespace. */
export const skLookup: Hook = {
  name: 'sk_lookup',
  program: 'SK_LOOKUP',
  link: 'NETNS',
  target: 'network namespace',
  since: '5.9',
  sections: [{ name: 'sk_lookup', attach: 'SK_LOOKUP', flags: ['ATTACHABLE'] }],
  request,
};
