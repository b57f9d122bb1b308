// Everything that the programs of some objects say while they run: records of their buffers, lines in the trace pipe, their streams.
import { NotSupportedError } from '../../src/errors.js';
import { bufferSource, carriesEvents, Feed, type FeedSource } from '../../src/events/feed.js';
import { ProgramStream } from '../../src/events/program-stream.js';
import { RecordDecoder } from '../../src/events/record-decoder.js';
import { printkFilter } from '../../src/events/trace-filter.js';
import { TracePipe } from '../../src/events/trace-pipe.js';
import type { LoadedMap, LoadedObject, LoadedProgram } from '../../src/load/loaded-object.js';
import { findEvents } from '../../src/object/events.js';
import { printsToTracePipe } from '../../src/object/printk.js';
import type { EventWriter, Source } from '../events/event-writer.js';

/** How often streams are looked at, which cannot be waited for. */
const LOOK_EVERY_MS = 100;

/** What is heard of objects. Open before their programs are attached, so that nothing is missed; disposing of it ends the listening. */
export class Talk implements Disposable {
  readonly feed = new Feed();
  readonly #writer: () => EventWriter;
  readonly #streams: StreamSource[] = [];
  /** Of several objects it is said which. */
  readonly #several: boolean;

  /** What is heard goes to the writer that there is by then. `remark` is told what cannot be listened to. */
  constructor(objects: readonly LoadedObject[], writer: () => EventWriter, remark: (sentence: string) => void) {
    this.#writer = writer;
    this.#several = objects.length > 1;
    try {
      for (const object of objects) this.#listenTo(object);
      this.#openTracePipe(objects, remark);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** For the end: the streams are looked at once more, also for what has no line feed. */
  finish(): void {
    for (const stream of this.#streams) stream.finish();
  }

  [Symbol.dispose](): void {
    this.feed[Symbol.dispose]();
  }

  #listenTo(object: LoadedObject): void {
    const types = findEvents(object.spec);
    for (const map of object.maps) {
      if (carriesEvents(map.spec.type)) this.feed.add(this.#buffer(map, object, types.byMap.get(map.spec.name), types.types));
    }
    for (const program of object.programs) {
      for (const name of ['stdout', 'stderr'] as const) {
        const stream = new StreamSource(
          program,
          name,
          this.#writer,
          this.#sourceOf(object, `${program.spec.name} ${name}`, { program: program.spec.name, stream: name }),
        );
        this.#streams.push(stream);
        this.feed.add(stream);
      }
    }
  }

  #buffer({ spec, map }: LoadedMap, object: LoadedObject, type: number | undefined, types: readonly number[]): FeedSource {
    const candidates = type === undefined ? types : [type];
    const { btf } = object.spec;
    const decoder = btf && candidates.length > 0 ? new RecordDecoder(btf, candidates) : undefined;
    const source = this.#sourceOf(object, spec.name, { map: spec.name });
    return bufferSource(map, {
      record: (bytes) => this.#writer().record(source, bytes, decoder),
      lost: (count) => this.#writer().loss(source, count),
    });
  }

  #sourceOf({ spec }: LoadedObject, name: string, fields: object): Source {
    return this.#several ? { label: `${spec.name} ${name}: `, fields: { object: spec.name, ...fields } } : { label: `${name}: `, fields };
  }

  #openTracePipe(objects: readonly LoadedObject[], remark: (sentence: string) => void): void {
    const printing = objects.map(({ spec }) => spec).filter(printsToTracePipe);
    if (printing.length === 0) return;
    try {
      const pipe = new TracePipe(printkFilter(printing));
      const take = (line: string) => this.#writer().line({ label: '', fields: {} }, 'trace', line);
      this.feed.add({
        drain: () => pipe.drain(take),
        watch: (readiness) => pipe.watch(readiness),
        [Symbol.dispose]: () => pipe[Symbol.dispose](),
      });
    } catch (error) {
      remark(`what programs print with bpf_printk is not shown: ${(error as Error).message}`);
    }
  }
}

/** A stream of a program, until it turns out that there is none. */
class StreamSource implements FeedSource {
  readonly #stream: ProgramStream;
  readonly #take: (line: string) => void;
  #lookAgain = 0;

  constructor({ program }: LoadedProgram, name: 'stdout' | 'stderr', writer: () => EventWriter, source: Source) {
    this.#stream = new ProgramStream(program, name);
    this.#take = (line) => writer().line(source, 'text', line);
  }

  drain(): number {
    const now = performance.now();
    if (now < this.#lookAgain) return 0;
    this.#lookAgain = now + LOOK_EVERY_MS;
    try {
      return this.#stream.drain(this.#take);
    } catch (error) {
      // Before 6.17 there are none.
      if (!(error instanceof NotSupportedError)) throw error;
      this.#lookAgain = Number.POSITIVE_INFINITY;
      return 0;
    }
  }

  finish(): void {
    if (this.#lookAgain === Number.POSITIVE_INFINITY) return;
    this.#lookAgain = 0;
    this.drain();
    const rest = this.#stream.rest();
    if (rest !== '') this.#take(rest);
  }

  [Symbol.dispose](): void {
    this.#stream[Symbol.dispose]();
  }
}
