// Values of stack trace maps.
import { hex } from '../bytes/text.js';
import { Flag } from '../kernel/enums.gen.js';

/** A frame, innermost first: an address, or a place in a file by the file's build id. */
export type StackFrame =
  | { readonly kind: 'address'; readonly address: bigint }
  | { readonly kind: 'build id'; readonly buildId: string; readonly offset: bigint };

// struct bpf_stack_build_id: s32 status, u8 build_id[20], u64 offset or ip.
const BUILD_ID_FRAME = 32;
const BUILD_ID_SIZE = 20;
const STATUS = { EMPTY: 0, VALID: 1, IP: 2 } as const;

/** The frames of a value, of a map with these BPF_F_* flags. Ends at the first empty place. */
export function stackFrames(value: Uint8Array, flags: number): StackFrame[] {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const size = (flags & Flag.BPF_F_STACK_BUILD_ID) !== 0 ? BUILD_ID_FRAME : 8;
  const frames: StackFrame[] = [];
  for (let at = 0; at + size <= value.length; at += size) {
    const frame = size === 8 ? address(view.getBigUint64(at, true)) : fileFrame(view, value, at);
    if (!frame) break;
    frames.push(frame);
  }
  return frames;
}

function address(value: bigint): StackFrame | undefined {
  return value === 0n ? undefined : { kind: 'address', address: value };
}

function fileFrame(view: DataView, value: Uint8Array, at: number): StackFrame | undefined {
  const status = view.getInt32(at, true);
  const place = view.getBigUint64(at + 4 + BUILD_ID_SIZE, true);
  if (status === STATUS.EMPTY) return undefined;
  if (status === STATUS.IP) return { kind: 'address', address: place };
  return { kind: 'build id', buildId: hex(value.subarray(at + 4, at + 4 + BUILD_ID_SIZE)), offset: place };
}
