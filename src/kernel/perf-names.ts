// What perf calls the events of perf_event_open(2), as bpftool prints them (linux/perf_event.h).

const TYPES = ['hardware', 'software', 'tracepoint', 'hw-cache', 'raw', 'breakpoint'];

const HARDWARE = [
  'cpu-cycles',
  'instructions',
  'cache-references',
  'cache-misses',
  'branch-instructions',
  'branch-misses',
  'bus-cycles',
  'stalled-cycles-frontend',
  'stalled-cycles-backend',
  'ref-cycles',
];

const SOFTWARE = [
  'cpu-clock',
  'task-clock',
  'page-faults',
  'context-switches',
  'cpu-migrations',
  'minor-faults',
  'major-faults',
  'alignment-faults',
  'emulation-faults',
  'dummy',
  'bpf-output',
  'cgroup-switches',
];

// A cache event is one of each: which cache, what it did, with what result.
const CACHES = ['L1-dcache', 'L1-icache', 'LLC', 'dTLB', 'iTLB', 'branch', 'node'];
const OPERATIONS = ['load', 'store', 'prefetch'];
const RESULTS = ['refs', 'misses'];

/** `software`; undefined for types that a device registered. */
export function perfTypeName(type: number): string | undefined {
  return TYPES[type];
}

/** `cpu-clock`, `LLC-load-misses`; undefined where the number has no name. */
export function perfConfigName(type: number, config: bigint): string | undefined {
  switch (TYPES[type]) {
    case 'hardware':
      return HARDWARE[Number(config)];
    case 'software':
      return SOFTWARE[Number(config)];
    case 'hw-cache':
      return cacheName(config);
    default:
      return undefined;
  }
}

function cacheName(config: bigint): string {
  const parts = [config & 0xffn, (config >> 8n) & 0xffn, config >> 16n];
  return [CACHES, OPERATIONS, RESULTS].map((names, i) => names[Number(parts[i])] ?? String(parts[i])).join('-');
}
