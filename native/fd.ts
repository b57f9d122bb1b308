import { close, duplicate } from './system.js';

/**
 * Owns one file descriptor and closes it when disposed. Whoever receives an `Fd` owns it.
 * Descriptor 0 is moved up: the kernel's attributes read 0 as "none".
 */
export class Fd implements Disposable {
  #number: number;

  constructor(number: number) {
    if (number === 0) {
      this.#number = duplicate(0, 1);
      close(0);
    } else {
      this.#number = number;
    }
  }

  /** The descriptor; throws once it was closed or passed on. */
  get number(): number {
    if (this.#number < 0) throw new Error('this file descriptor was closed or passed on');
    return this.#number;
  }

  get open(): boolean {
    return this.#number >= 0;
  }

  /** Passes ownership on: the caller closes it from now on. */
  take(): Fd {
    const passed = new Fd(this.number);
    this.#number = -1;
    return passed;
  }

  /** Gives the bare number away, for APIs that close it themselves. */
  release(): number {
    const number = this.number;
    this.#number = -1;
    return number;
  }

  /** A second descriptor of the same object. */
  duplicate(): Fd {
    return new Fd(duplicate(this.number, 1));
  }

  [Symbol.dispose](): void {
    if (this.#number < 0) return;
    const number = this.#number;
    this.#number = -1;
    close(number);
  }
}
