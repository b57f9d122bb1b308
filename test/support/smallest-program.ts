// The smallest program there is, for tests that want some or many and nothing of them.
import { progLoad } from '../../native/bpf.js';
import type { Fd } from '../../native/fd.js';
import { ProgType } from '../../src/kernel/enums.gen.js';

// r0 = 0; exit
const RETURN_0 = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);

/** Loads it, as a socket filter without BTF. */
export function loadSmallest(name = ''): Fd {
  return progLoad({
    ...{ prog_type: ProgType.SOCKET_FILTER, insns: RETURN_0, insn_cnt: RETURN_0.length / 8 },
    ...{ license: Buffer.from('GPL\0'), prog_name: Buffer.from(name) },
  });
}
