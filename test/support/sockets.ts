// Sockets by plain system calls, since Node has no Unix datagram sockets and no getpeername without a connection of its own.
import { callSystem } from '../../native/ffi.js';
import { addressBytes } from '../../native/interfaces.js';
import { addressOf } from '../../native/memory.js';

const NUMBERS = {
  x64: {
    socket: 41,
    connect: 42,
    bind: 49,
    listen: 50,
    accept: 43,
    sendto: 44,
    recvfrom: 45,
    getsockname: 51,
    getpeername: 52,
    setsockopt: 54,
    getsockopt: 55,
    close: 3,
  },
  arm64: {
    socket: 198,
    connect: 203,
    bind: 200,
    listen: 201,
    accept: 202,
    sendto: 206,
    recvfrom: 207,
    getsockname: 204,
    getpeername: 205,
    setsockopt: 208,
    getsockopt: 209,
    close: 57,
  },
} as const;

const AF = { unix: 1, inet: 2, inet6: 10, packet: 17, xdp: 44 } as const;
const TYPE = { stream: 1, dgram: 2, raw: 3 } as const;

function call(name: keyof typeof NUMBERS.x64, ...args: (number | Uint8Array)[]): number {
  const number = NUMBERS[process.arch as keyof typeof NUMBERS][name];
  const result = callSystem(
    number,
    args.map((arg) => (arg instanceof Uint8Array ? addressOf(arg) : arg)),
  );
  if (result < 0) throw new Error(`${name}: errno ${-result}`);
  return result;
}

/** A socket address of IPv4, IPv6 or Unix, as the kernel takes it. */
export function address(host: string, port = 0): Uint8Array {
  if (host.startsWith('/') || host.startsWith('\0')) return concat(u16(AF.unix), new TextEncoder().encode(host));
  const bytes = addressBytes(host);
  const bigEndian = Uint8Array.of(port >> 8, port & 0xff);
  if (bytes.length === 4) return concat(u16(AF.inet), bigEndian, bytes, new Uint8Array(8));
  return concat(u16(AF.inet6), bigEndian, new Uint8Array(4), bytes, new Uint8Array(4));
}

function u16(value: number): Uint8Array {
  return new Uint8Array(new Uint16Array([value]).buffer);
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A socket that blocks. */
export class TestSocket implements Disposable {
  readonly fd: number;

  /** Takes over a descriptor, or makes a socket. */
  constructor(from: keyof typeof AF | number, type: keyof typeof TYPE = 'stream', protocol = 0) {
    this.fd = typeof from === 'number' ? from : call('socket', AF[from], TYPE[type], protocol);
  }

  bind(to: Uint8Array): this {
    call('bind', this.fd, to, to.length);
    return this;
  }

  listen(): this {
    call('listen', this.fd, 8);
    return this;
  }

  /** The next connection of a socket that listens. */
  accept(): TestSocket {
    return new TestSocket(call('accept', this.fd, 0, 0));
  }

  connect(to: Uint8Array): this {
    call('connect', this.fd, to, to.length);
    return this;
  }

  send(bytes: Uint8Array, to?: Uint8Array): this {
    call('sendto', this.fd, bytes, bytes.length, 0, to ?? 0, to?.length ?? 0);
    return this;
  }

  /** Receives a datagram with the address of its sender. */
  receive(): this {
    call('recvfrom', this.fd, new Uint8Array(64), 64, 0, new Uint8Array(128), u32(128));
    return this;
  }

  /** The address that it is bound to; its port is in bytes 2 and 3. */
  name(): Uint8Array {
    return this.#address('getsockname');
  }

  peer(): Uint8Array {
    return this.#address('getpeername');
  }

  getOption(level: number, option: number): void {
    call('getsockopt', this.fd, level, option, new Uint8Array(4), u32(4));
  }

  setOption(level: number, option: number, value: number | Uint8Array): this {
    const bytes = typeof value === 'number' ? u32(value) : value;
    call('setsockopt', this.fd, level, option, bytes, bytes.length);
    return this;
  }

  #address(name: 'getsockname' | 'getpeername'): Uint8Array {
    const [bytes, length] = [new Uint8Array(128), u32(128)];
    call(name, this.fd, bytes, length);
    return bytes.slice(0, new Uint32Array(length.buffer)[0]);
  }

  [Symbol.dispose](): void {
    call('close', this.fd);
  }
}

function u32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

/** A frame to all, with nothing in it. */
function emptyFrame(): Uint8Array {
  const frame = new Uint8Array(64).fill(0xff, 0, 6);
  new DataView(frame.buffer).setUint16(12, ETH_P_IP, false);
  return frame;
}

const ETH_P_IP = 0x0800;

/** Sends one Ethernet frame out of an interface. */
export function sendFrame(ifindex: number, frame: Uint8Array = emptyFrame()): void {
  using socket = new TestSocket('packet', 'raw', 0);
  const to = new Uint8Array(20);
  const view = new DataView(to.buffer);
  view.setUint16(0, AF.packet, true);
  view.setUint16(2, ETH_P_IP, false);
  view.setInt32(4, ifindex, true);
  socket.send(frame, to);
}
