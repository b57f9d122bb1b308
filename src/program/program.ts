import { objPin, progAttach, progDetach, progGetFdById, progGetNextId, progStreamRead } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { progTypes } from '../kernel/names.js';
import { refusedBy } from '../probe/unsupported.js';
import { openPin } from '../system/bpffs.js';
import { memlockIn, ownFdinfoText } from '../system/fdinfo.js';
import { unlessGone } from '../system/gone.js';
import { fullName, type ProgramInfo, readProgramInfo } from './info.js';
import { type RunRequest, type RunResult, testRun } from './test-run.js';

const STREAMS = { stdout: 1, stderr: 2 } as const;
const STREAM_PIECE = 4096;
const STREAMS_FEATURE = { name: 'read what programs print', since: '6.17' } as const;

/**
 * A program in the kernel. Owns its descriptor. What the kernel refuses throws an Error that says what was tried, with the SyscallError as
 * its cause.
 */
export class Program implements Disposable {
  readonly #fd: Fd;
  #info: ProgramInfo | undefined;
  #fullName: string | undefined;

  /** Takes over the descriptor of a program. */
  constructor(fd: Fd) {
    this.#fd = fd;
  }

  /** Opens a program by its id. Needs CAP_SYS_ADMIN. */
  static fromId(id: number): Program {
    try {
      return new Program(progGetFdById(id));
    } catch (error) {
      if (isErrno(error, 'ENOENT')) throw new Error(`there is no program with id ${id}`, { cause: error });
      throw new Error(`open program ${id}`, { cause: error });
    }
  }

  /** Opens the program that is pinned at a path. A path at which something else is pinned throws a UsageError. */
  static fromPin(path: string): Program {
    return new Program(openPin(path, 'program'));
  }

  /** The ids of all programs, in ascending order. Needs CAP_SYS_ADMIN. */
  static *ids(): Generator<number> {
    for (let id = progGetNextId(0); id !== undefined; id = progGetNextId(id)) yield id;
  }

  /** All programs, each to be disposed of by who takes it. One that goes away meanwhile is passed over. */
  static *all(): Generator<Program> {
    for (const id of Program.ids()) {
      const fd = unlessGone(() => progGetFdById(id));
      if (fd) yield new Program(fd);
    }
  }

  /** What the kernel says on it, asked once; {@link refresh} asks again. */
  get info(): ProgramInfo {
    return this.#info ?? this.refresh();
  }

  /** Asks the kernel anew: run counts change. */
  refresh(): ProgramInfo {
    try {
      this.#info = readProgramInfo(this.fd);
    } catch (error) {
      throw new Error('read what the kernel says on a program', { cause: error });
    }
    return this.#info;
  }

  get id(): number {
    return this.info.id;
  }

  /** Its whole name, also when that is longer than the 15 characters that the kernel keeps; empty when it has none. */
  get name(): string {
    this.#fullName ??= fullName(this.fd, this.info);
    return this.#fullName;
  }

  /** The descriptor, for calls that take a program; it stays this handle's. */
  get fd(): number {
    return this.#fd.number;
  }

  /** Bytes that it takes, as the kernel counts them; undefined when fdinfo cannot be read. */
  get memlock(): bigint | undefined {
    return memlockIn(ownFdinfoText(this.fd));
  }

  /** What messages call it: `program count_packets (id 7)`. */
  get title(): string {
    return this.info.name === '' ? `program ${this.id}` : `program ${this.name} (id ${this.id})`;
  }

  /** Makes the program stay, and be found, at a path on a bpffs. */
  pin(path: string): void {
    this.#attempt('pin', () => objPin(this.fd, path), ` at ${path}`);
  }

  /**
   * Attaches without a link (BPF_PROG_ATTACH): to a sockmap, or with target 0 the flow dissector to this network namespace.
   * `attachType` is of enum bpf_attach_type; `target` a descriptor.
   */
  attach(attachType: number, target: number): void {
    this.#attempt('attach', () => progAttach({ target_fd: target, attach_bpf_fd: this.fd, attach_type: attachType }));
  }

  /** Undoes {@link attach}. */
  detach(attachType: number, target: number): void {
    this.#attempt('detach', () => progDetach({ target_fd: target, attach_bpf_fd: this.fd, attach_type: attachType }));
  }

  /** Runs it once or more on given data, without an event (BPF_PROG_TEST_RUN). */
  testRun(request: RunRequest): RunResult {
    return this.#attempt('run', () => testRun(this.fd, progTypes.textOf(this.info.type), request));
  }

  /** What it wrote to one of its streams and nobody has read yet, piece by piece. @throws NotSupportedError before 6.17 */
  *stream(name: keyof typeof STREAMS): Generator<Uint8Array> {
    const piece = new Uint8Array(STREAM_PIECE);
    for (;;) {
      const length = this.#readStream(name, piece);
      if (length === 0) return;
      yield piece.slice(0, length);
    }
  }

  /** Passes ownership of the descriptor on. */
  take(): Fd {
    return this.#fd.take();
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }

  #readStream(name: keyof typeof STREAMS, piece: Uint8Array): number {
    try {
      return progStreamRead(this.fd, STREAMS[name], piece);
    } catch (error) {
      throw refusedBy(STREAMS_FEATURE, error, `read ${name} of ${this.title}`);
    }
  }

  #attempt<T>(verb: string, call: () => T, rest = ''): T {
    try {
      return call();
    } catch (error) {
      throw new Error(`${verb} ${this.title}${rest}`, { cause: error });
    }
  }
}
