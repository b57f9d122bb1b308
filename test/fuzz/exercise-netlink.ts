import { parseInterface } from '../../native/interfaces.js';
import { frames, NetlinkError, numberOf, parseAttributes, raiseError, textOf } from '../../native/netlink.js';
import { parseFilter } from '../../native/traffic-control.js';

/** Reads a datagram of NETLINK_ROUTE. */
export function exerciseNetlink(bytes: Uint8Array): void {
  for (const frame of frames(bytes)) {
    parseInterface(frame);
    parseFilter(frame.payload);
    nested(frame.payload, 0);
    try {
      raiseError('RTM_GETLINK', frame);
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
    }
  }
}

function nested(bytes: Uint8Array, depth: number): void {
  for (const payload of parseAttributes(bytes).values()) {
    numberOf(payload);
    textOf(payload);
    if (depth < 4) nested(payload, depth + 1);
  }
}
