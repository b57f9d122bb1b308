import { statSync } from 'node:fs';
import { interfaceName } from './interfaces.js';

/** The device that a program or map is offloaded to, in the words of bpftool's JSON. */
export interface OffloadDevice {
  readonly ifindex: number;
  readonly ns_dev: bigint;
  readonly ns_inode: bigint;
  /** Known only inside the network namespace that the device is in. */
  readonly ifname?: string;
}

/** Undefined for what is not offloaded (`ifindex` 0). The namespace is given as the kernel does: device and inode of its file. */
export function offloadDevice(ifindex: number, namespaceDevice: bigint, namespaceInode: bigint): OffloadDevice | undefined {
  if (ifindex === 0) return undefined;
  const own = statSync('/proc/self/ns/net', { bigint: true });
  const here = own.dev === namespaceDevice && own.ino === namespaceInode;
  const ifname = here ? interfaceName(ifindex) : undefined;
  return { ifindex, ns_dev: namespaceDevice, ns_inode: namespaceInode, ...(ifname === undefined ? {} : { ifname }) };
}

/** As bpftool's plain text has it behind `offloaded_to`. */
export function offloadText(device: OffloadDevice): string {
  return device.ifname ?? `ifindex ${device.ifindex} ns_dev ${device.ns_dev} ns_ino ${device.ns_inode}`;
}
