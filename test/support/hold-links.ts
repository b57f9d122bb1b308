// A process that attaches programs, pins one of the links, says so, and stays: `node hold-links.js INTERFACE CGROUP PIN`.
import { attach } from '../../src/link/attach.js';
import type { Link } from '../../src/link/link.js';
import { loadTestObject } from './live.js';

const [dev, cgroup, pin] = process.argv.slice(2);
const net = loadTestObject('every-net', { only: ['on_xdp'] });
const group = loadTestObject('hooks-cgroup', { only: ['skb_in'] });
const pinned = attach(net.program('on_xdp')!, 'xdp', { dev }) as Link;
pinned.pin(pin!);
const held = attach(group.program('skb_in')!, 'cgroup_skb/ingress', { cgroup }) as Link;
console.log(JSON.stringify({ pinned: pinned.info.id, held: held.info.id, programs: [pinned.info.progId, held.info.progId] }));
setInterval(() => {}, 1000);
