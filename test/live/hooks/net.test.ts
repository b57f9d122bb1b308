// Every section of hooks of network interfaces, in every way to attach.
import { createNetkitPair } from '../../../native/interfaces.js';
import { deleteClsact } from '../../../native/traffic-control.js';
import { interfaceIndex, setInterfaceUp } from '../../../src/system/interfaces.js';
import { type HookCase, testEveryWay } from '../../support/every-way.js';
import { noRoot, ownNetwork, quietPair } from '../../support/live.js';
import { lacks } from '../../support/skips.js';
import { sendFrame } from '../../support/sockets.js';

let [near, far] = [0, 0];
if (!noRoot) {
  ownNetwork();
  ({ near, far } = quietPair());
}

const NETKIT = { since: '6.7', config: ['NETKIT'] };
// A kernel without netkit is to refuse its programs at any interface.
let kit = { name: 'near', primary: 0, peer: 0 };
if (!noRoot && !lacks(NETKIT)) {
  createNetkitPair('primary', 'peer');
  kit = { name: 'primary', primary: interfaceIndex('primary')!, peer: interfaceIndex('peer')! };
  setInterfaceUp(kit.primary);
  setInterfaceUp(kit.peer);
}
const AT_KIT = { words: () => ({ dev: kit.name }), options: () => ['--dev', kit.name] };

const AT_NEAR: Pick<HookCase, 'words' | 'options'> = { words: () => ({ dev: 'near' }), options: () => ['--dev', 'near'] };
const arriving = { ...AT_NEAR, fire: () => sendFrame(far) };
const leaving = { ...AT_NEAR, fire: () => sendFrame(near) };

testEveryWay({ object: 'every-net', skip: noRoot }, [
  { program: 'on_xdp', ...arriving },
  { program: 'on_xdp_frags', ...arriving },
  { program: 'on_tcx_ingress', ...arriving },
  { program: 'on_tcx_egress', ...leaving },
  { program: 'on_tc_ingress', ...arriving },
  { program: 'on_tc_egress', ...leaving },
  { program: 'on_tc', ...arriving, clean: () => deleteClsact(near) },
  { program: 'on_classifier', ...arriving, clean: () => deleteClsact(near) },
  { program: 'on_primary', ...AT_KIT, fire: () => sendFrame(kit.primary) },
  { program: 'on_peer', ...AT_KIT, fire: () => sendFrame(kit.peer) },
]);
