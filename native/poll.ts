// Waiting for descriptors without blocking the event loop.
import { Fd } from './fd.js';
import { callSystemAsync, watchReadable, watchWritable } from './ffi.js';
import { Arena } from './memory.js';
import { duplicate, systemCall, systemCallNumber } from './system.js';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
const EVENT_SIZE = process.arch === 'x64' ? 12 : 16; // struct epoll_event is packed on x86-64 alone.
const MAX_EVENTS = 64;
const WAIT_MS = 100;

/** A set of descriptors, and waiting until one of them is readable, on the event loop. */
export class Readiness implements Disposable {
  readonly #epoll = new Fd(systemCall('epoll_create1', EPOLL_CLOEXEC));
  #finish: (() => void) | undefined;

  add(fd: number): void {
    const event = new Uint8Array(EVENT_SIZE);
    new DataView(event.buffer).setUint32(0, EPOLLIN, true);
    systemCall('epoll_ctl', this.#epoll.number, EPOLL_CTL_ADD, fd, event);
  }

  /**
   * Settles when a descriptor is readable, at once if one is, when the set is disposed of, and when so many milliseconds have passed. One wait at a time.
   */
  next(milliseconds?: number): Promise<void> {
    if (!this.#epoll.open) return Promise.resolve();
    return new Promise((resolve) => {
      const epoll = this.#epoll.number;
      const stop = watchReadable(epoll, () => this.#finish?.()) ?? waitInTurns(epoll, () => this.#finish?.());
      const timer = milliseconds === undefined ? undefined : setTimeout(() => this.#finish?.(), milliseconds);
      this.#finish = () => {
        this.#finish = undefined;
        clearTimeout(timer);
        stop();
        resolve();
      };
    });
  }

  /** Ends the wait that is under way, if one is. */
  wake(): void {
    this.#finish?.();
  }

  [Symbol.dispose](): void {
    this.wake();
    this.#epoll[Symbol.dispose]();
  }
}

/** The same by short waits on another thread, one at a time, where the event loop cannot watch a descriptor itself. */
function waitInTurns(epoll: number, callback: () => void): () => void {
  const events = new Arena(EVENT_SIZE * MAX_EVENTS);
  // A descriptor of its own: the other thread may still wait when the set's is closed.
  const own = new Fd(duplicate(epoll, 1));
  let running = true;
  const turns = async (): Promise<void> => {
    while (running) {
      const ready = await callSystemAsync(systemCallNumber('epoll_pwait'), [own.number, events.address, MAX_EVENTS, WAIT_MS, 0, 0]);
      if (running && ready > 0) callback();
    }
    own[Symbol.dispose]();
  };
  void turns();
  return () => {
    running = false;
  };
}

const POLLOUT = 4;
// struct pollfd: int fd, short events, short revents.
const POLL_FD_SIZE = 8;
const LOOK_EVERY_MS = 20;

/** Whether a descriptor takes bytes now; also when it never will again, since writing then fails at once. */
export function pollWritable(fd: number): boolean {
  const record = new Uint8Array(POLL_FD_SIZE);
  const view = new DataView(record.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLLOUT, true);
  const now = new Uint8Array(16);
  return systemCall('ppoll', record, 1, now, 0, 0) > 0;
}

/** Settles when a descriptor may take bytes: to be looked at again then. */
export function whenWritable(fd: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      stop?.();
      clearTimeout(timer);
      resolve();
    };
    const stop = watchWritable(fd, finish);
    // Some descriptors cannot be watched.
    const timer = setTimeout(finish, LOOK_EVERY_MS);
  });
}
