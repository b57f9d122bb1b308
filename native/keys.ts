import { cText } from './memory.js';
import { systemCall } from './system.js';

/** Keyrings that a process names without knowing their ids (include/uapi/linux/keyctl.h). The process's own goes away with it. */
export const Keyring = { PROCESS: -2, SESSION: -3 } as const;

/** Puts a key into a keyring and gives its id. `type` is the kernel's: `asymmetric` takes an X.509 certificate in DER. */
export function addKey(type: string, description: string, payload: Uint8Array, keyring: number): number {
  return systemCall('add_key', cText(type), cText(description), payload, payload.length, keyring);
}

/** Takes a key out of a keyring. */
export function unlinkKey(key: number, keyring: number): void {
  const KEYCTL_UNLINK = 9;
  systemCall('keyctl', KEYCTL_UNLINK, key, keyring);
}
