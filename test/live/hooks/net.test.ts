// Every section of hooks of network interfaces, in every way to attach.
import { deleteClsact } from '../../../native/traffic-control.js';
import { type HookCase, testEveryWay } from '../../support/every-way.js';
import { noRoot, ownNetwork, quietPair } from '../../support/live.js';
import { sendFrame } from '../../support/sockets.js';

let [near, far] = [0, 0];
if (!noRoot) {
  ownNetwork();
  ({ near, far } = quietPair());
}

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
]);
