// Programs for sockets, on those that the command of `run` opens: they are looked for all the time, since nothing tells of them.
import { readdirSync, readlinkSync } from 'node:fs';
import type { FeedSource } from '../../src/events/feed.js';
import { attach } from '../../src/link/attach.js';
import type { Held } from '../../src/link/attachment.js';
import type { LoadedProgram } from '../../src/load/loaded-object.js';
import type { EventWriter } from '../events/event-writer.js';
import { explain } from '../print/explain.js';

const LOOK_EVERY_MS = 5;

/** Attaches programs to every socket that a process opens, a few milliseconds after it did; one for which a program is not made is tried again until it is closed. */
export class CommandSockets implements FeedSource {
  readonly #held: Disposable[] = [];
  readonly #known: ReadonlySet<string>;
  /** `PROGRAM ID of SOCKET`. */
  readonly #done = new Set<string>();
  readonly #refused = new Map<LoadedProgram, string>();
  readonly #timer: NodeJS.Timeout;

  /** What the process has open already is not its own: it was started with that. */
  constructor(
    readonly programs: readonly LoadedProgram[],
    readonly pid: number,
    readonly writer: () => EventWriter,
  ) {
    this.#known = new Set(this.#open().values());
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** What is written when one is attached comes with everything else. */
  drain(): number {
    return 0;
  }

  /** Programs that no socket was there for, and why. */
  get unattached(): readonly (readonly [LoadedProgram, string])[] {
    const without = this.programs.filter(({ program }) => ![...this.#done].some((key) => key.startsWith(`${program.id} of `)));
    return without.map((loaded) => [loaded, this.#refused.get(loaded) ?? 'no socket of the command was seen']);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const held of this.#held.splice(0).reverse()) held[Symbol.dispose]();
  }

  #look(): void {
    for (const [fd, socket] of this.#open()) {
      if (this.#known.has(socket)) continue;
      for (const loaded of this.programs) {
        const key = `${loaded.program.id} of ${socket}`;
        if (!this.#done.has(key) && this.#attach(loaded, fd, socket)) this.#done.add(key);
      }
    }
  }

  #attach(loaded: LoadedProgram, fd: string, what: string): boolean {
    const { name, section } = loaded.spec;
    const socket = `${this.pid}:${fd}`;
    try {
      this.#held.push(attach(loaded.program, section, { socket }) as Held);
    } catch (error) {
      // Not bound yet, without SO_REUSEPORT, of a family that takes no programs: it may still become what fits. That it was closed meanwhile says less.
      const isThere = readlinkOf(`/proc/${this.pid}/fd/${fd}`) === what;
      if (isThere || !this.#refused.has(loaded)) this.#refused.set(loaded, explain(error).sentence);
      return false;
    }
    const fields = { program: name, prog_id: loaded.program.id };
    this.writer().line({ label: `${name}: attached to `, fields }, 'attached_to', `${section} socket ${socket}`);
    return true;
  }

  /** Sockets of the process, as `socket:[INODE]`, by descriptor. None once it has ended. */
  #open(): Map<string, string> {
    const folder = `/proc/${this.pid}/fd`;
    try {
      const all = readdirSync(folder).map((fd) => [fd, readlinkOf(`${folder}/${fd}`)] as const);
      return new Map(all.filter(([, what]) => what.startsWith('socket:')));
    } catch {
      return new Map();
    }
  }
}

/** A descriptor may be closed while it is looked at. */
function readlinkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
