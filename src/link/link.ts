import { iterCreate, linkDetach, linkGetFdById, linkGetNextId, linkUpdate, objPin } from '../../native/bpf.js';
import { isErrno, SyscallError } from '../../native/error.js';
import type { Fd } from '../../native/fd.js';
import { linkTypes } from '../kernel/names.js';
import { openPin } from '../system/bpffs.js';
import { unlessGone } from '../system/gone.js';
import { readSome } from '../system/read-file.js';
import type { Attachment } from './attachment.js';
import type { Reasons } from './attempt.js';
import type { LinkInfo } from './info.js';
import { readLinkInfo } from './read-info.js';

const BPF_F_REPLACE = 4;
const ITERATOR_PIECE = 1 << 16;
const ALL_LINKS: Reasons = { EOPNOTSUPP: 'links of this type cannot do that' };

/**
 * A link in the kernel: it holds a program at what the program is attached to. Owns its descriptor; when the last descriptor and pin of a link
 * are gone, its program is detached. What the kernel refuses throws an Error that says what was tried, with the SyscallError as its cause.
 */
export class Link implements Attachment {
  readonly kind = 'link';
  readonly #fd: Fd;

  /** Takes over the descriptor of a link. */
  constructor(fd: Fd) {
    this.#fd = fd;
  }

  /** Opens a link by its id. Needs CAP_SYS_ADMIN. Since 5.8. */
  static fromId(id: number): Link {
    try {
      return new Link(linkGetFdById(id));
    } catch (error) {
      if (isErrno(error, 'ENOENT')) throw new Error(`there is no link with id ${id}`, { cause: error });
      throw new Error(`open link ${id}`, { cause: error });
    }
  }

  /** Opens the link that is pinned at a path. A path at which something else is pinned throws a UsageError. */
  static fromPin(path: string): Link {
    return new Link(openPin(path, 'link'));
  }

  /** The ids of all links, in ascending order. Needs CAP_SYS_ADMIN. */
  static *ids(): Generator<number> {
    for (let id = linkGetNextId(0); id !== undefined; id = linkGetNextId(id)) yield id;
  }

  /** All links, each to be disposed of by who takes it. One that goes away meanwhile is passed over. */
  static *all(): Generator<Link> {
    for (const id of Link.ids()) {
      // EAGAIN: the link is on its way into the kernel or out of it (bpf_link_by_id).
      const fd = unlessGone(() => linkGetFdById(id), 'EAGAIN');
      if (fd) yield new Link(fd);
    }
  }

  /** The descriptor, for calls that take a link; it stays this handle's. */
  get fd(): number {
    return this.#fd.number;
  }

  /** What the kernel says on it now; its target changes when an interface or cgroup goes away. */
  get info(): LinkInfo {
    try {
      return readLinkInfo(this.fd);
    } catch (error) {
      throw new Error('read what the kernel says on a link', { cause: error });
    }
  }

  /** What messages call it: `tcx link 7`. */
  get title(): string {
    const { id, type } = this.info;
    return `${linkTypes.textOf(type)} link ${id}`;
  }

  /** Makes the link, and so the attachment, stay at a path on a bpffs. */
  pin(path: string): void {
    this.#attempt('pin', () => objPin(this.fd, path), ` at ${path}`);
  }

  /** Detaches the program; the link itself stays, empty, as long as somebody holds it. Since 5.9, and not for links of every type. */
  detach(): void {
    this.#attempt('detach', () => linkDetach(this.fd));
  }

  /** Replaces the program in one step; with `expected` only when that is the program the link holds. Both are descriptors. Since 5.7. */
  update(program: number, expected?: number): void {
    const replace = expected === undefined ? {} : { flags: BPF_F_REPLACE, old_prog_fd: expected };
    const call = () => linkUpdate({ link_fd: this.fd, new_prog_fd: program, ...replace });
    // Links of every type answer so (bpf_xdp_link_update, cgroup_bpf_replace and their like).
    this.#attempt('update', call, '', expected === undefined ? {} : { EPERM: 'it does not hold the program that is expected' });
  }

  /** The descriptor of a file whose reading runs an iterator once over everything. Only for iter links. Since 5.8. */
  openIterator(): Fd {
    return this.#attempt('open', () => iterCreate(this.fd));
  }

  /** What an iterator prints when it runs once over everything, piece by piece. Only for iter links. Since 5.8. */
  *iterate(): Generator<Uint8Array> {
    using file = this.openIterator();
    for (;;) {
      const piece = new Uint8Array(ITERATOR_PIECE);
      // EAGAIN: a million objects were passed over, and there are more (bpf_seq_read).
      const length = this.#attempt('read', () => readSome(file.number, piece, 0, null, ['EINTR', 'EAGAIN']));
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }

  #attempt<T>(verb: string, call: () => T, rest = '', reasons: Reasons = {}): T {
    try {
      return call();
    } catch (error) {
      const why = error instanceof SyscallError ? { ...ALL_LINKS, ...reasons }[error.code] : undefined;
      throw new Error(`${verb} ${this.title}${rest}${why ? `: ${why}` : ''}`, { cause: error });
    }
  }
}
