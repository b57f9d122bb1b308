// Every section of programs of routes, in every way to attach.
import { writeFileSync } from 'node:fs';
import { addAddress, addressBytes } from '../../../native/interfaces.js';
import { deleteRoute } from '../../../native/routes.js';
import { testEveryWay } from '../../support/every-way.js';
import { noRoot, ownNetwork, quietPair } from '../../support/live.js';
import { address, sendFrame, TestSocket } from '../../support/sockets.js';

let [near, far] = [0, 0];
if (!noRoot) {
  ownNetwork();
  ({ near, far } = quietPair());
  addAddress(near, '10.1.0.1', 24);
  writeFileSync('/proc/sys/net/ipv6/conf/near/disable_ipv6', '0');
}

function send(destination: string): void {
  using socket = new TestSocket('inet', 'dgram');
  socket.send(new Uint8Array(8), address(destination, 9));
}

const SEGMENTS = ['fd00::1', 'fd00::2'] as const;

/** An Ethernet frame with an IPv6 packet to the second of two segments (RFC 8754). */
function segmentRouted(): Uint8Array {
  const [ROUTING, NONE, SEGMENT_ROUTING, ETH_P_IPV6] = [43, 59, 4, 0x86dd];
  const header = [NONE, 4, SEGMENT_ROUTING, 1, 1, 0, 0, 0, ...SEGMENTS.flatMap((each) => [...addressBytes(each)])];
  const ip = [0x60, 0, 0, 0, 0, header.length, ROUTING, 64, ...addressBytes('fd00::3'), ...addressBytes(SEGMENTS[1])];
  return Uint8Array.of(...new Array(6).fill(0xff), 2, 0, 0, 0, 0, 1, ETH_P_IPV6 >> 8, ETH_P_IPV6 & 0xff, ...ip, ...header);
}

testEveryWay({ object: 'every-net', skip: noRoot }, [
  {
    program: 'on_lwt_in',
    words: () => ({ route: '10.1.0.9', dev: 'near', local: true }),
    options: () => ['--route', '10.1.0.9', '--dev', 'near', '--local'],
    fire: () => send('10.1.0.9'),
    clean: () => deleteRoute({ destination: '10.1.0.9', prefix: 32, ifindex: near, local: true }),
  },
  ...['on_lwt_out', 'on_lwt_xmit'].map((program) => ({
    program,
    words: () => ({ route: '10.2.0.0/24', dev: 'near' }),
    options: () => ['--route', '10.2.0.0/24', '--dev', 'near'],
    fire: () => send('10.2.0.1'),
    clean: () => deleteRoute({ destination: '10.2.0.0', prefix: 24, ifindex: near }),
  })),
  {
    program: 'on_lwt_seg6local',
    words: () => ({ route: SEGMENTS[1], dev: 'near' }),
    options: () => ['--route', SEGMENTS[1], '--dev', 'near'],
    fire: () => sendFrame(far, segmentRouted()),
    clean: () => deleteRoute({ destination: SEGMENTS[1], prefix: 128, ifindex: near }),
  },
]);
