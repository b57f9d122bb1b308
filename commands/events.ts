import { UsageError } from '../src/errors.js';
import { decoderFor } from '../src/events/event-types.js';
import { bufferSource, carriesEvents, Feed, type RecordTaker } from '../src/events/feed.js';
import type { RecordDecoder } from '../src/events/record-decoder.js';
import type { BpfMap } from '../src/map/map.js';
import { type Options, subcommand } from './command.js';
import { EventWriter, type Source } from './events/event-writer.js';
import { pump } from './events/pump.js';
import type { Words } from './line/words.js';
import { Elements } from './print/elements.js';
import { tell } from './print/warn.js';
import { type Handles, TERMS, takeMaps } from './reference/reference.js';
import { Stop } from './wait.js';
import { durationOf, limitOf } from './watching.js';

/** `events MAP` */
export const command = subcommand({
  name: 'events',
  summary: 'Show what programs send through a ring buffer or perf event array, as it comes, until Ctrl-C',
  grammar: 'MAP',
  options: [
    {
      flags: '--type <name>',
      summary: 'the struct that the records are, of the map, its programs or the kernel; else one called as an event is',
    },
    { flags: '--hex', summary: 'the bytes of the records, without types' },
    { flags: '--limit <number>', summary: 'end after so many events' },
    { flags: '--for <time>', summary: 'end after this time (5s, 500ms, 10m) instead of at Ctrl-C' },
  ],
  examples: [
    'bpf-ts events name events',
    'bpf-ts --ndjson events id 7 --type conn_event | jq .event.pid',
    'bpf-ts events name rb --hex --limit 3',
  ],
  terms: [TERMS.map],
  run: (words, options) => {
    const request = requestOf(options);
    const maps = takeMaps(words);
    const sources = sourcesOf(maps, words, options);
    return {
      kind: 'stream',
      live: true,
      chunks: (form, depth) => events(maps, sources, new EventWriter(new Elements(form, depth), request.limit), request),
    };
  },
});

interface Request {
  readonly limit: number;
  readonly time: number | undefined;
  readonly options: Options;
}

function requestOf(options: Options): Request {
  return {
    limit: limitOf(options.own.limit),
    time: durationOf(options.own.for),
    options,
  };
}

/** A map to read, how its records are read, and what they are called. */
interface MapSource extends Source {
  readonly map: BpfMap;
  readonly decoder: RecordDecoder | undefined;
}

/** Closes the maps when it throws. */
function sourcesOf(maps: Handles<BpfMap>, words: Words, options: Options): readonly MapSource[] {
  try {
    words.end();
    return [...maps].map((map) => sourceOf(map, maps.length > 1, options));
  } catch (error) {
    maps[Symbol.dispose]();
    throw error;
  }
}

function sourceOf(map: BpfMap, labelled: boolean, { own }: Options): MapSource {
  if (!carriesEvents(map.info.type))
    throw new UsageError(`${map.title} is neither a ring buffer nor a perf event array: no events come through it`);
  const decoder = own.hex === true ? undefined : decoderFor(map, typeof own.type === 'string' ? own.type : undefined);
  return { map, decoder, label: labelled ? `${map.name || 'map'} (id ${map.id}): ` : '', fields: { map: map.name, map_id: map.id } };
}

async function* events(
  maps: Handles<BpfMap>,
  sources: readonly MapSource[],
  writer: EventWriter,
  request: Request,
): AsyncGenerator<Uint8Array> {
  using _maps = maps;
  using stop = new Stop();
  using feed = new Feed();
  for (const source of sources) feed.add(bufferSource(source.map, takerOf(source, writer)));
  if (request.time !== undefined) stop.endAfter(request.time);
  yield* pump(feed, writer, stop.signal);
  yield Buffer.from(writer.elements.end());
  if (writer.lost > 0n) tell(request.options, `${writer.lost} events were lost: they did not fit the buffer`);
}

function takerOf(source: MapSource, writer: EventWriter): RecordTaker {
  return {
    record: (bytes) => writer.record(source, bytes, source.decoder),
    lost: (number) => writer.loss(source, number),
  };
}
