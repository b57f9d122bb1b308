// A process that holds many objects of the kernel, none of them pinned, until it is disposed of: `node hold.js { programs | maps } COUNT FIRST`.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { progLoad } from '../../native/bpf.js';
import { MapType, ProgType } from '../../src/kernel/enums.gen.js';
import { BpfMap } from '../../src/map/map.js';

const SELF = fileURLToPath(import.meta.url);
/** Descriptors that a process may have almost everywhere without being allowed more. */
const EACH = 10_000;

/** Starts as many processes as it takes, and waits until all is there. */
export async function hold(what: keyof typeof MAKERS, count: number): Promise<AsyncDisposable> {
  const processes: AsyncDisposable[] = [];
  for (let first = 0; first < count; first += EACH) processes.push(await holder(what, Math.min(EACH, count - first), first));
  return {
    async [Symbol.asyncDispose]() {
      for (const each of processes) await each[Symbol.asyncDispose]();
    },
  };
}

async function holder(what: string, count: number, first: number): Promise<AsyncDisposable> {
  // It ends with its standard input, so also when this process is killed.
  const child = spawn(process.execPath, [SELF, what, String(count), String(first)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const isThere = await Promise.race([new Promise((resolve) => child.stdout.once('data', () => resolve(true))), ended.then(() => false)]);
  if (isThere !== true) throw new Error(`${count} ${what} could not be made`);
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

// r0 = 0; exit
const PROGRAM = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);

const MAKERS = {
  maps: (name: string) => BpfMap.create({ type: MapType.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, name }),
  programs: (name: string) =>
    progLoad({
      ...{ prog_type: ProgType.SOCKET_FILTER, insns: PROGRAM, insn_cnt: PROGRAM.length / 8 },
      ...{ license: Buffer.from('GPL\0'), prog_name: Buffer.from(name) },
    }),
} as const;

if (process.argv[1] === SELF) {
  const make = MAKERS[process.argv[2] as keyof typeof MAKERS];
  const held = Array.from({ length: Number(process.argv[3]) }, (_, i) => make(`held_${Number(process.argv[4]) + i}`));
  process.stdout.write('there\n');
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(held.length > 0 ? 0 : 1));
}
