// What stands at each place of a command line in the tests of bad input: one value that fits, and those that do not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach } from '../../../src/link/attach.js';
import type { Link } from '../../../src/link/link.js';
import type { LoadedObject } from '../../../src/load/loaded-object.js';
import type { BpfMap } from '../../../src/map/map.js';
import { isOlderThan } from '../../../src/system/kernel-version.js';
import { type NamedCommand, type Slot, textOf } from '../command-lines.js';
import { loadTestObject, type OwnBpffs, type OwnCgroup, testObjectPath } from '../live.js';
import { makeMap } from '../maps.js';
import type { Around } from './around.js';
import { fileValues } from './files.js';
import type { Values } from './kinds.js';
import { objectValues } from './objects.js';
import { wordValues } from './words.js';

/** Files and objects of the kernel for these tests. They end with it. */
export class Surroundings implements Around, Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'bpf-ts-bad-'));
  /** test/progs/commands.bpf.c */
  readonly commands: LoadedObject = loadTestObject('commands');
  /** Before 5.16 there are no bloom filters; a queue is peeked into just so. */
  readonly peeked: BpfMap = isOlderThan('5.16') ? makeMap('QUEUE') : makeMap('BLOOM_FILTER', { valueSize: 4 });
  readonly queue: BpfMap = makeMap('QUEUE');
  /** Keys of 4 bytes, values of 8. */
  readonly hash: BpfMap = makeMap('HASH');
  /** test/progs/dump.bpf.c */
  readonly dump: LoadedObject = loadTestObject('dump');
  /** Of the program `dissect`, in this network namespace. */
  readonly link: Link;
  readonly #used = new Set<string>();
  readonly #values: Readonly<Record<string, Values>>;

  constructor(
    readonly bpffs: OwnBpffs,
    readonly cgroup: OwnCgroup,
  ) {
    const object = readFileSync(testObjectPath('commands'));
    this.#file('empty', new Uint8Array());
    this.#file('truncated', object.subarray(0, object.length / 2));
    this.#file('hostile', Buffer.concat([object.subarray(0, 16), Buffer.alloc(4096, 0xff)]));
    this.#file('text', 'no such command\n');
    this.#file('object', object);
    this.#file('secret', object);
    chmodSync(this.path('secret'), 0);
    assert.equal(spawnSync('mkfifo', [this.path('fifo')]).status, 0);
    mkdirSync(join(this.folder, 'directory'));
    this.#file('directory/full', '');
    const { program } = this.commands.programs[0]!;
    program.pin(join(bpffs.path, 'taken'));
    this.link = attach(this.commands.program('dissect')!, 'flow_dissector', { netns: '/proc/self/ns/net' }) as Link;
    this.#values = { ...objectValues(this), ...fileValues(this), ...wordValues() };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  #file(name: string, bytes: string | Uint8Array): void {
    writeFileSync(this.path(name), bytes);
  }

  [Symbol.dispose](): void {
    this.commands[Symbol.dispose]();
    this.queue[Symbol.dispose]();
    this.peeked[Symbol.dispose]();
    this.hash[Symbol.dispose]();
    this.dump[Symbol.dispose]();
    this.link[Symbol.dispose]();
    rmSync(this.folder, { recursive: true });
  }

  /** A line with what fits at each of its places. */
  filled(command: NamedCommand, line: readonly Slot[]): string[] {
    return line.flatMap((_, i) => this.wordsAt(command, line, i));
  }

  wordsAt(command: NamedCommand, line: readonly Slot[], at: number): readonly string[] {
    const slot = line[at]!;
    return slot.kind === 'keyword' ? [slot.text] : this.valuesAt(command, line, at).good;
  }

  /** What stands in the tables and was asked for by no command. */
  get unused(): string[] {
    return Object.keys(this.#values).filter((key) => !this.#used.has(key));
  }

  /** By what stands before it, by its command, or by itself. */
  valuesAt({ name }: NamedCommand, line: readonly Slot[], at: number): Values {
    const value = textOf([line[at]!]);
    const before = at === 0 ? '' : textOf([line[at - 1]!]);
    const values = this.#values;
    const found = [`${name} ${before} ${value}`, `${before} ${value}`, `${name} ${value}`, value].find((key) => values[key]);
    assert.ok(found, `what fits and what does not fit for ${value} of '${name}' is not in test/support/bad-values/`);
    this.#used.add(found);
    return values[found]!;
  }
}
