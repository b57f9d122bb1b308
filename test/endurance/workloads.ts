// What the observed tools look at, and whether they told all of it.
import { Changing, ChangingMap, Watched } from './changing.js';
import { BufferEvents, RunEvents } from './told-events.js';
import type { WorkloadKind } from './workload.js';

// Far more often than is usual: V8 compiles ever anew what is done for the first two thousand samples of top, which are half an hour at one a second, and the
// first twenty thousand changes that watch tells.
const OFTEN = ['--interval', '100ms'];

export const WORKLOADS: Readonly<Record<string, WorkloadKind>> = {
  run: { usual: 2000, begin: () => new RunEvents() },
  events: { usual: 2000, begin: () => new BufferEvents('ring') },
  'events-perf': { usual: 2000, begin: () => new BufferEvents('perf') },
  top: { usual: 4, begin: () => new Changing(['top', ...OFTEN], true) },
  'top-lines': { usual: 4, begin: () => new Changing(['top', '--ndjson', ...OFTEN], false) },
  watch: { usual: 50, begin: () => new Watched() },
  'map-watch': { usual: 50, begin: () => new ChangingMap() },
};
