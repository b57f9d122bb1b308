import { PerfBuffer, type PerfEvent, type PerfPlace } from '../../src/events/perf-buffer.js';
import { PERF_RECORD_LOST, PERF_RECORD_SAMPLE } from '../../src/events/perf-ring.js';
import { plainHex } from '../../src/map/entry-layout.js';
import type { BpfMap } from '../../src/map/map.js';
import { list, subcommand } from '../command.js';
import { GrammarError, type Words } from '../line/words.js';
import { tell } from '../print/warn.js';
import { takeMap } from '../reference/reference.js';
import { onStop } from '../signals.js';

// As bpftool, whose users may know by it how much is lost.
const PAGES = 16;

/** `map event_pipe MAP [cpu N index M]` */
export const eventPipe = subcommand<PerfEvent>({
  name: 'event_pipe',
  summary: 'Show what programs send through a perf event array, until Ctrl-C',
  grammar: 'MAP [cpu N index M]',
  examples: ['bpf-ts map event_pipe name events', 'bpf-ts -j map event_pipe id 7 cpu 0 index 0'],
  run: (words) => {
    using map = takeMap(words);
    const place = takePlace(words);
    return list(eventsOf(openBuffer(map, place)));
  },
  plain,
  json,
});

function takePlace(words: Words): PerfPlace | undefined {
  const given: { cpu?: number; index?: number } = {};
  while (words.left > 0) {
    const which = words.choose('where to listen', ['cpu', 'index']);
    if (given[which] !== undefined) throw new GrammarError(`'${which}' stands there twice`);
    given[which] = words.number(which);
  }
  const { cpu, index } = given;
  if (cpu === undefined && index === undefined) return undefined;
  if (cpu === undefined || index === undefined) throw new GrammarError('cpu and index are given together or not at all');
  return { cpu, index };
}

function openBuffer(map: BpfMap, place: PerfPlace | undefined): PerfBuffer {
  return new PerfBuffer(map, { pages: PAGES, ...(place && { places: [place] }) });
}

async function* eventsOf(open: PerfBuffer): AsyncGenerator<PerfEvent> {
  using buffer = open;
  using _ = onStop(() => {
    tell({ json: false }, 'Stopping...');
    buffer[Symbol.dispose]();
  });
  yield* buffer;
}

const BILLION = 1_000_000_000n;

function plain(event: PerfEvent): string {
  switch (event.kind) {
    case 'sample': {
      const [seconds, rest] = [event.time / BILLION, String(event.time % BILLION).padStart(9, '0')];
      return `== @${seconds}.${rest} CPU: ${event.cpu} index: ${event.index} =====\n${plainHex(event.data)}\n`;
    }
    case 'lost':
      return `lost ${event.count} events\n`;
    case 'other':
      return `unknown event type=${event.type} size=${event.size}\n`;
  }
}

function json(event: PerfEvent): unknown {
  const place = { cpu: event.cpu, index: event.index };
  switch (event.kind) {
    case 'sample':
      return { type: PERF_RECORD_SAMPLE, ...place, timestamp: event.time, data: event.data };
    case 'lost':
      return { type: PERF_RECORD_LOST, ...place, lost: { id: event.id, count: event.count } };
    case 'other':
      return { type: event.type, ...place };
  }
}
