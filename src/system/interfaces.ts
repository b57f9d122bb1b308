// Network interfaces by name and by index.
import { SyscallError } from '../../native/error.js';
import { interfaceIndex, interfaceName } from '../../native/interfaces.js';
import { UsageError } from '../errors.js';

export {
  addAddress,
  createVethPair,
  deleteInterface,
  type Interface,
  interfaceIndex,
  interfaceName,
  interfaces,
  moveInterface,
  setInterfaceUp,
  type XdpAttachment,
  type XdpMode,
} from '../../native/interfaces.js';
export { withRouteSocket } from '../../native/netlink.js';

/** The index of the interface called `name` in this network namespace. Throws a {@link UsageError} when there is none. */
export function requireInterface(name: string): number {
  const ifindex = interfaceIndex(name);
  if (ifindex === undefined) throw new UsageError(`there is no network interface called ${JSON.stringify(name)} in this network namespace`);
  return ifindex;
}

/** `veth0(7)`, or what bpftool says in place of a name: an index that is gone, or 0 for a link whose interface is gone. */
export function interfaceLabel(ifindex: number): string {
  return ifindex === 0 ? '(detached)' : (shownName(ifindex) ?? '(unknown)');
}

// Who only shows it does without one.
function shownName(ifindex: number): string | undefined {
  try {
    return interfaceName(ifindex);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
