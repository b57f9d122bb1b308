// Netlink: requests and dumps over a NETLINK_ROUTE socket, and the attributes that messages are made of (netlink(7), rtnetlink(7)).
import { isErrno, SyscallError } from './error.js';
import { Fd } from './fd.js';
import { pack, unpack } from './layout.js';
import { systemCall } from './system.js';
import { NLMSGHDR, RTATTR } from './uapi.js';

/** The kernel refused a netlink request; `detail` is its own explanation (extended acknowledgement), when it gave one. */
export class NetlinkError extends SyscallError {
  constructor(
    request: string,
    errno: number,
    readonly detail: string | undefined,
  ) {
    super(request, errno);
    if (detail) this.message += `: ${detail}`;
  }

  override get reason(): string {
    return this.detail ? `${super.reason} (${this.detail})` : super.reason;
  }
}

/** Messages of rtnetlink by their number (linux/rtnetlink.h). */
export const RouteMessage = {
  RTM_NEWLINK: 16,
  RTM_DELLINK: 17,
  RTM_GETLINK: 18,
  RTM_SETLINK: 19,
  RTM_NEWADDR: 20,
  RTM_NEWROUTE: 24,
  RTM_DELROUTE: 25,
  RTM_NEWQDISC: 36,
  RTM_DELQDISC: 37,
  RTM_GETQDISC: 38,
  RTM_GETTCLASS: 42,
  RTM_NEWTFILTER: 44,
  RTM_DELTFILTER: 45,
  RTM_GETTFILTER: 46,
} as const;

export type RouteMessageName = keyof typeof RouteMessage;

/** Flags of a request (linux/netlink.h); REPLACE, EXCL and CREATE belong to requests that make something, DUMP to those that read. */
export const RequestFlag = { REQUEST: 1, ACK: 4, ECHO: 8, DUMP: 0x300, REPLACE: 0x100, EXCL: 0x200, CREATE: 0x400 } as const;

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;

// ---- attributes

const align = (length: number) => (length + 3) & ~3;

/** Bytes one after the other, each part padded to 4 bytes. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + align(part.length), 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += align(part.length);
  }
  return whole;
}

/** One attribute: a number is a u32, text gets its NUL. */
export function attribute(type: number, value: number | string | Uint8Array): Uint8Array {
  const payload = typeof value === 'number' ? u32(value) : typeof value === 'string' ? new TextEncoder().encode(`${value}\0`) : value;
  return concat(pack(RTATTR, { rta_len: RTATTR.size + payload.length, rta_type: type }), payload);
}

const NLA_F_NESTED = 0x8000;

/** An attribute that holds attributes. */
export function nested(type: number, ...attributes: Uint8Array[]): Uint8Array {
  return attribute(type | NLA_F_NESTED, concat(...attributes));
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return bytes;
}

/** The attributes in `bytes` from `offset` on, by their type. What is cut off at the end is left out. */
export function parseAttributes(bytes: Uint8Array, offset = 0): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = offset; at + RTATTR.size <= bytes.length; ) {
    const length = view.getUint16(at, true);
    if (length < RTATTR.size || at + length > bytes.length) break;
    found.set(view.getUint16(at + 2, true) & 0x3fff, bytes.subarray(at + RTATTR.size, at + length));
    at += align(length);
  }
  return found;
}

/** A number of 1, 2 or 4 bytes out of an attribute; undefined when it is absent. */
export function numberOf(payload: Uint8Array | undefined): number | undefined {
  if (!payload || payload.length === 0) return undefined;
  let value = 0;
  for (let i = Math.min(payload.length, 4) - 1; i >= 0; i--) value = value * 256 + payload[i]!;
  return value;
}

/** Text out of an attribute, up to its NUL; undefined when it is absent. */
export function textOf(payload: Uint8Array | undefined): string | undefined {
  if (!payload) return undefined;
  const end = payload.indexOf(0);
  return new TextDecoder().decode(payload.subarray(0, end < 0 ? payload.length : end));
}

// ---- the socket

/** A message that the kernel sent: its type, and what follows the header. */
export interface Message {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** A message with what says which request it answers. */
export interface Frame extends Message {
  readonly flags: number;
  readonly seq: number;
}

const RECEIVES = 3;

/** A NETLINK_ROUTE socket in the network namespace that the thread is in when it is opened. */
export class RouteSocket implements Disposable {
  readonly #fd: Fd;
  #seq = 0;

  constructor() {
    const [AF_NETLINK, SOCK_RAW, SOCK_CLOEXEC, NETLINK_ROUTE] = [16, 3, 0o2000000, 0];
    this.#fd = new Fd(systemCall('socket', AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const [SOL_NETLINK, NETLINK_EXT_ACK] = [270, 11];
    systemCall('setsockopt', this.#fd.number, SOL_NETLINK, NETLINK_EXT_ACK, u32(1), 4);
  }

  /** Asks for something to be done, waits for the acknowledgement, and gives what the kernel sent before it (with ECHO: what was made). */
  request(name: RouteMessageName, body: Uint8Array, flags = 0): Message[] {
    const seq = this.#send(name, body, RequestFlag.REQUEST | RequestFlag.ACK | flags);
    const answers: Message[] = [];
    for (;;) {
      for (const frame of this.#receive(seq)) {
        if (frame.type !== NLMSG_ERROR) answers.push(frame);
        else if (raiseError(name, frame)) return answers;
      }
    }
  }

  /** All messages of a dump. One that the kernel marks as inconsistent, because something changed meanwhile, is taken again. */
  dump(name: RouteMessageName, body: Uint8Array): Message[] {
    const ATTEMPTS = 8;
    for (let attempt = 1; ; attempt++) {
      const seq = this.#send(name, body, RequestFlag.REQUEST | RequestFlag.DUMP);
      const { messages, interrupted } = this.#collect(name, seq);
      if (!interrupted || attempt === ATTEMPTS) return messages;
    }
  }

  #collect(name: string, seq: number): { messages: Message[]; interrupted: boolean } {
    const messages: Message[] = [];
    let interrupted = false;
    for (;;) {
      for (const frame of this.#receive(seq)) {
        interrupted ||= (frame.flags & NLM_F_DUMP_INTR) !== 0;
        if (frame.type === NLMSG_ERROR || frame.type === NLMSG_DONE) {
          raiseError(name, frame);
          return { messages, interrupted };
        }
        messages.push(frame);
      }
    }
  }

  #send(name: RouteMessageName, body: Uint8Array, flags: number): number {
    this.#seq += 1;
    const header = pack(NLMSGHDR, {
      nlmsg_len: NLMSGHDR.size + body.length,
      nlmsg_type: RouteMessage[name],
      nlmsg_flags: flags,
      nlmsg_seq: this.#seq,
    });
    const message = concat(header, body);
    systemCall('sendto', this.#fd.number, message, message.length, 0, 0, 0);
    return this.#seq;
  }

  /** The frames of one datagram that answer request `seq`. */
  #receive(seq: number): Frame[] {
    const [MSG_PEEK, MSG_TRUNC] = [2, 0x20];
    // Peeking tells the length beforehand: a link with many virtual functions outgrows any fixed buffer.
    const length = this.#recv(new Uint8Array(4), MSG_PEEK | MSG_TRUNC);
    const datagram = new Uint8Array(length);
    this.#recv(datagram, 0);
    return frames(datagram).filter((frame) => frame.seq === seq);
  }

  /**
   * An answer that could not be taken is still there, and says whether the request was carried out; but for ENOBUFS, when the kernel had no memory to make one.
   */
  #recv(buffer: Uint8Array, flags: number): number {
    for (let attempt = 1; ; attempt++) {
      try {
        return systemCall('recvfrom', this.#fd.number, buffer, buffer.length, flags, 0, 0);
      } catch (error) {
        if (attempt === RECEIVES || isErrno(error, 'ENOBUFS')) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }
}

/** Runs `use` with a socket and closes it. */
export function withRouteSocket<T>(use: (socket: RouteSocket) => T): T {
  using socket = new RouteSocket();
  return use(socket);
}

/** The messages of a datagram. What is cut off at its end is left out. */
export function frames(datagram: Uint8Array): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at + NLMSGHDR.size <= datagram.length; ) {
    const header = unpack(NLMSGHDR, datagram.subarray(at));
    if (header.nlmsg_len < NLMSGHDR.size || at + header.nlmsg_len > datagram.length) break;
    found.push({
      type: header.nlmsg_type,
      flags: header.nlmsg_flags,
      seq: header.nlmsg_seq,
      payload: datagram.subarray(at + NLMSGHDR.size, at + header.nlmsg_len),
    });
    at += align(header.nlmsg_len);
  }
  return found;
}

/** Throws when an ERROR or DONE message carries an errno; true otherwise. */
export function raiseError(request: string, frame: Frame): true {
  if (frame.payload.length < 4) return true;
  const view = new DataView(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
  const result = view.getInt32(0, true);
  if (result < 0) throw new NetlinkError(request, -result, explanation(frame, view));
  return true;
}

/** A length that is said to be within a message: what is beyond its end is its end. */
function alignedBelow(length: number, { payload }: Frame): number {
  return align(Math.min(length, payload.length));
}

function explanation(frame: Frame, view: DataView): string | undefined {
  if (!(frame.flags & NLM_F_ACK_TLVS)) return undefined;
  // The errno, then the header of the request, and unless it was capped the rest of the request, then attributes. DONE has no such copy.
  if (frame.type !== NLMSG_DONE && frame.payload.length < 4 + NLMSGHDR.size) return undefined;
  const copied = frame.type === NLMSG_DONE ? 0 : frame.flags & NLM_F_CAPPED ? NLMSGHDR.size : alignedBelow(view.getUint32(4, true), frame);
  return textOf(parseAttributes(frame.payload, 4 + copied).get(NLMSGERR_ATTR_MSG));
}
