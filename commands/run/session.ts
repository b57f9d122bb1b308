// What `run` has in the kernel: objects that are loaded, attached, and listened to.
import { UsageError } from '../../src/errors.js';
import { filtersLike } from '../../src/link/left-filters.js';
import type { TargetWords } from '../../src/link/target.js';
import { type AttachChoice, type AttachedObject, attachObject, wordsTaken } from '../../src/load/attach-object.js';
import type { LoadedObject, LoadedProgram } from '../../src/load/loaded-object.js';
import { unpinOwn } from '../../src/load/pin.js';
import { findGlobal } from '../../src/object/globals.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import type { Options } from '../command.js';
import type { EventWriter } from '../events/event-writer.js';
import { loadObject, readObject } from '../loading/object-file.js';
import { choose } from '../loading/options.js';
import { warn } from '../print/warn.js';
import type { ObservedCommand } from './observed.js';
import { CommandSockets } from './sockets.js';
import { Talk } from './talk.js';

/** What `run` was asked for. */
export interface SessionRequest {
  readonly files: readonly string[];
  readonly words: Omit<TargetWords, 'map'>;
  /** The name of the map for programs that attach to one. */
  readonly mapName: string | undefined;
  /** The process that hooks are limited to is that of the command. */
  readonly pidOfCommand: boolean;
  /** Programs for sockets are for those that the command opens. */
  readonly socketsOfCommand: boolean;
  /** `NAME=HOOK`: what programs are attached to instead of what their sections say. */
  readonly hooks: ReadonlyMap<string, string>;
  /** Programs of traffic control become filters, also where the kernel has links for them. */
  readonly netlink: boolean;
}

/** Objects that are attached; disposing of it leaves nothing of them. */
export class Session implements Disposable {
  readonly objects: LoadedObject[] = [];
  readonly attached: AttachedObject[] = [];
  talk!: Talk;
  /** Where programs for sockets of the command are attached. */
  sockets: CommandSockets | undefined;
  /** Where what programs say is written to; has to be there before any of it is read. */
  writer: EventWriter | undefined;

  private constructor(readonly command: ObservedCommand | undefined) {}

  /** Loads, listens and attaches, all or nothing. */
  static async start(request: SessionRequest, options: Options, command: ObservedCommand | undefined): Promise<Session> {
    const session = new Session(command);
    try {
      await session.#load(request.files, options);
      session.talk = new Talk(
        session.objects,
        () => session.writer!,
        (sentence) => warn(options, sentence),
      );
      session.#attach(request);
      session.#tellOfLeftFilters(request.words.dev, options);
      return session;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  /** Ends the attachments: maps then stand still. */
  detach(): void {
    this.sockets?.[Symbol.dispose]();
    for (const object of this.attached.splice(0).reverse()) object[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.detach();
    (this.talk as Talk | undefined)?.[Symbol.dispose]();
    for (const object of this.objects.splice(0)) {
      unpinOwn(object);
      object[Symbol.dispose]();
    }
    this.command?.[Symbol.dispose]();
  }

  async #load(files: readonly string[], options: Options): Promise<void> {
    const specs = files.map((file) => readObject(file, options));
    const own = shareOut(specs, options);
    for (const [i, spec] of specs.entries()) {
      using choice = await choose(spec, { own: own[i]! });
      this.objects.push(await loadObject(choice.spec, choice.load, options));
    }
  }

  #attach({ words, mapName, pidOfCommand, socketsOfCommand, hooks, netlink, files }: SessionRequest): void {
    this.#checkNames(hooks, files);
    const later = (program: LoadedProgram) => socketsOfCommand && program.spec.hook?.target === 'socket';
    const choice: AttachChoice = { hooks, preferLinks: !netlink, later };
    const pid = pidOfCommand ? this.command?.pid : words.pid;
    const given: TargetWords = { ...words, ...(pid !== undefined && { pid }), ...this.#mapWord(mapName, files) };
    const unused = new Set(Object.keys(given));
    const forSockets = this.objects.flatMap(({ programs }) => programs.filter(later));
    for (const object of this.objects) {
      const taken = wordsTaken(object, choice);
      const own = Object.entries(given).filter(([word]) => taken.has(word as keyof TargetWords));
      for (const [word] of own) unused.delete(word);
      this.attached.push(attachObject(object, Object.fromEntries(own), choice));
    }
    const [useless] = unused;
    if (useless !== undefined) throw new UsageError(`no program of ${objectsText(files)} takes '${useless}'`);
    if (socketsOfCommand) this.#watchSockets(forSockets, files);
    else if (this.attached.every(({ attached, registered }) => attached.length + registered.length === 0)) throw this.#nothingToDo(files);
  }

  /** A filter of a run that was killed goes on beside what is attached now. */
  #tellOfLeftFilters(dev: string | undefined, options: Options): void {
    if (dev === undefined) return;
    for (const { spec, program } of this.objects.flatMap(({ programs }) => programs)) {
      if (spec.hook?.name !== 'tc') continue;
      for (const { side, priority, handle, progId } of filtersLike(program, dev)) {
        const remove = `tc filter del dev ${dev} ${side} pref ${priority} handle 0x${handle.toString(16)} bpf`;
        warn(
          options,
          `program ${spec.name} is a filter of ${dev} already (prog id ${progId}), as a run leaves it that was killed: '${remove}' takes it away`,
        );
      }
    }
  }

  #watchSockets(programs: readonly LoadedProgram[], files: readonly string[]): void {
    if (programs.length === 0) throw new UsageError(`no program of ${objectsText(files)} takes 'socket'`);
    this.sockets = new CommandSockets(programs, this.command!.pid, () => this.writer!);
    this.talk.feed.add(this.sockets);
  }

  #checkNames(hooks: ReadonlyMap<string, string>, files: readonly string[]): void {
    const names = new Set(this.objects.flatMap(({ programs }) => programs.map(({ spec }) => spec.name)));
    const wrong = [...hooks.keys()].find((name) => !names.has(name));
    if (wrong !== undefined)
      throw new UsageError(`--attach: ${files.join(', ')} ${files.length > 1 ? 'have' : 'has'} no program named '${wrong}'`);
  }

  #mapWord(name: string | undefined, files: readonly string[]): Pick<TargetWords, 'map'> {
    if (name === undefined) return {};
    const map = this.objects.map((object) => object.map(name)).find((found) => found !== undefined);
    if (!map) throw new UsageError(`--target-map: ${files.join(', ')} ${files.length > 1 ? 'have' : 'has'} no map named '${name}'`);
    return { map };
  }

  #nothingToDo(files: readonly string[]): UsageError {
    const programs = this.attached.flatMap(({ unattached }) => unattached.map(({ loaded, reason }) => `${loaded.spec.name}: ${reason}`));
    return new UsageError(
      `nothing of ${files.join(', ')} can be attached${programs.length > 0 ? ` (${programs.join('; ')})` : ': it has no programs'}`,
    );
  }
}

function objectsText({ length }: readonly string[]): string {
  return length > 1 ? 'the objects' : 'the object';
}

/** Which of `--set`, `--only`, `--type` and `--target-prog` is for which object: those that name something in it. What is in none of them goes to the first, which says so. */
function shareOut(specs: readonly ObjectSpec[], { own }: Options): readonly Options['own'][] {
  if (specs.length === 1) return [own];
  const programs = specs.map((spec) => new Set(spec.programs.map(({ name }) => name)));
  const share = (value: Options['own'][string], has: (index: number, name: string) => boolean) => {
    const all = Array.isArray(value) ? value : [];
    const fits = (index: number, text: string) => has(index, text.split('=', 1)[0]!);
    return specs.map((_, index) =>
      all.filter((text) => fits(index, text) || (index === 0 && !specs.some((_spec, other) => fits(other, text)))),
    );
  };
  const set = share(own.set, (index, name) => hasGlobal(specs[index]!, name));
  const only = share(own.only, (index, name) => programs[index]!.has(name));
  const type = share(own.type, (index, name) => programs[index]!.has(name));
  const targetProg = share(own.targetProg, (index, name) => programs[index]!.has(name));
  return specs.map((_, index) => ({ set: set[index], only: only[index], type: type[index], targetProg: targetProg[index] }));
}

function hasGlobal(spec: ObjectSpec, name: string): boolean {
  try {
    findGlobal(spec, name);
    return true;
  } catch {
    return false;
  }
}
