/**
 * Something that a program is attached to, held by this process. Disposing of it ends the attachment, unless it is a link that was pinned.
 * A {@link Link} is one; so is what the kernel gives no link for.
 */
export interface Attachment extends Disposable {
  /** How it is held: `link`, or the way that has no link, such as `netlink` or `perf event`. */
  readonly kind: string;
  /** Ends the attachment now. */
  detach(): void;
}

/** An attachment without a link. With `stays` the kernel keeps it until somebody takes it away; otherwise it ends with this process. */
export class Held implements Attachment {
  #end: (() => void) | undefined;
  readonly #needed: Disposable | undefined;

  /** @param needed what `end` needs, closed when the attachment has ended or is left */
  constructor(
    readonly kind: string,
    readonly stays: boolean,
    end: () => void,
    needed?: Disposable,
  ) {
    this.#end = end;
    this.#needed = needed;
  }

  detach(): void {
    const end = this.#end;
    this.#end = undefined;
    try {
      end?.();
    } finally {
      this.#needed?.[Symbol.dispose]();
    }
  }

  /** Leaves it attached beyond the life of this process. */
  leave(): void {
    this.#end = undefined;
    this.#needed?.[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.detach();
  }
}
