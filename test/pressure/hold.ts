// A process that holds many objects of the kernel, none of them pinned, until it is disposed of: `node hold.js { programs | maps } COUNT FIRST`.
import { fileURLToPath } from 'node:url';
import { MapType } from '../../src/kernel/enums.gen.js';
import { BpfMap } from '../../src/map/map.js';
import { startBeside } from '../support/programs.js';
import { loadSmallest } from '../support/smallest-program.js';

const SELF = fileURLToPath(import.meta.url);
/** Descriptors that a process may have almost everywhere without being allowed more. */
const EACH = 10_000;

/** Starts as many processes as it takes, and waits until all is there. */
export async function hold(what: keyof typeof MAKERS, count: number): Promise<AsyncDisposable> {
  const processes: AsyncDisposable[] = [];
  for (let first = 0; first < count; first += EACH)
    processes.push(await startBeside(SELF, what, String(Math.min(EACH, count - first)), String(first)));
  return {
    async [Symbol.asyncDispose]() {
      for (const each of processes) await each[Symbol.asyncDispose]();
    },
  };
}

const MAKERS = {
  maps: (name: string) => BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name }),
  programs: loadSmallest,
} as const;

if (process.argv[1] === SELF) {
  const make = MAKERS[process.argv[2] as keyof typeof MAKERS];
  const held = Array.from({ length: Number(process.argv[3]) }, (_, i) => make(`held_${Number(process.argv[4]) + i}`));
  process.stdout.write('there\n');
  // So that it does not outlive a process that is killed.
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(held.length > 0 ? 0 : 1));
}
