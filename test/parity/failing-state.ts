import { LinkType } from '../../src/kernel/enums.gen.js';
import type { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { testObjectPath } from '../support/live.js';
import { makeMap } from '../support/maps.js';
import { loadSmallest } from '../support/smallest-program.js';
import { writeBrokenFiles } from './broken-files.js';
import { LiveState } from './state.js';

const EIGHT = new Uint8Array(8);
const key = (first: number) => Uint8Array.of(first, 0, 0, 0);

/** {@link LiveState} with what the lines of failures.ts fail on. */
export class FailingState implements Disposable {
  readonly live = new LiveState();
  readonly #maps: Readonly<Record<string, BpfMap>> = {
    hash: makeMap('HASH'),
    empty: makeMap('HASH'),
    array: makeMap('ARRAY', { maxEntries: 4 }),
    full: makeMap('HASH', { maxEntries: 1 }),
    frozen: makeMap('HASH'),
    queue: makeMap('QUEUE'),
    emptyQueue: makeMap('QUEUE'),
    fullQueue: makeMap('QUEUE', { maxEntries: 1, valueSize: 4 }),
    ring: makeMap('RINGBUF'),
  };

  /** A program without BTF: `return 0`. */
  readonly #untyped = new Program(loadSmallest());

  constructor() {
    const { hash, full, frozen, queue, fullQueue } = this.#maps;
    for (const map of [hash!, full!, frozen!]) map.update(key(1), EIGHT);
    frozen!.freeze();
    queue!.push(EIGHT);
    fullQueue!.push(key(1));
    writeBrokenFiles(this.live.files);
  }

  /** What the names in braces stand for. */
  words(): Readonly<Record<string, string | number>> {
    const { 'hooks-iter': iterators, 'hooks-net': net } = this.live.objects;
    const maps = Object.entries(this.#maps).map(([name, map]) => [name, map.id] as const);
    return {
      ...this.live.words('x'),
      ...Object.fromEntries(maps),
      untyped: this.#untyped.id,
      elements: testObjectPath('iter-elements'),
      refused: testObjectPath('refused'),
      iterProgram: iterators.programs[0]!.program.id,
      tcx: net.program('count_tcx_in')!.id,
      // A link that the kernel cannot detach.
      tracing: this.live.links.find((link) => [LinkType.TRACING, LinkType.RAW_TRACEPOINT].includes(link.info.type as never))!.info.id,
    };
  }

  [Symbol.dispose](): void {
    this.#untyped[Symbol.dispose]();
    for (const map of Object.values(this.#maps)) map[Symbol.dispose]();
    this.live[Symbol.dispose]();
  }
}
