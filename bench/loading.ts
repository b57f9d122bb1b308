import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mount, NamespaceFlag, unmount, unshare } from '../native/system.js';
import { STANDARD_BPFFS } from '../src/system/bpffs.js';
import { type CommandLine, ENVIRONMENT, median } from './measure.js';

/** What loading objects one after the other took, in seconds an object, without what starting the tool takes. */
export interface Loading {
  /** How many objects both tools load. */
  readonly objects: number;
  readonly ours: number;
  readonly theirs: number;
}

const RUNS = 3;
const MNT_DETACH = 2;

/** Loads all objects in a folder and those below it with `prog loadall`, by both tools in turn. What one of them refuses is left out. */
export function loadingOf(folder: string, ours: CommandLine, theirs: CommandLine): Loading {
  const tools = [ours, theirs];
  const objects = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.o'));
  using place = new PrivateBpffs();
  const load = (tool: CommandLine, object: string) => {
    place.clear();
    return secondsOf(`${tool} prog loadall ${join(folder, object)} ${STANDARD_BPFFS}/bench`);
  };
  // Loaded once before it counts: the first time the files are read from the disk.
  const loadable = objects.filter((object) => tools.every((tool) => load(tool, object) !== undefined));
  const starts: number[][] = tools.map(() => []);
  const loads = tools.map(() => loadable.map((): number[] => []));
  for (let run = 0; run < RUNS; run++) {
    for (const [i, object] of loadable.entries()) {
      for (const [t, tool] of tools.entries()) {
        starts[t]!.push(secondsOf(`${tool} version`)!);
        loads[t]![i]!.push(load(tool, object)!);
      }
    }
  }
  const [our, their] = tools.map((_, t) => mean(loads[t]!.map(median)) - median(starts[t]!));
  return { objects: loadable.length, ours: our!, theirs: their! };
}

/** A BPF file system in the usual place that nobody else sees; objects may pin their maps there by themselves. It ends with this process. */
class PrivateBpffs implements Disposable {
  constructor() {
    unshare(NamespaceFlag.NEWNS);
    const [MS_REC, MS_PRIVATE] = [1 << 14, 1 << 18];
    mount('none', '/', '', MS_REC | MS_PRIVATE);
    mount('bpf', STANDARD_BPFFS, 'bpf', 0);
  }

  clear(): void {
    unmount(STANDARD_BPFFS, MNT_DETACH);
    mount('bpf', STANDARD_BPFFS, 'bpf', 0);
  }

  [Symbol.dispose](): void {
    unmount(STANDARD_BPFFS, MNT_DETACH);
  }
}

/** Undefined when the command fails. Without a shell, which would take as long as some of these. */
function secondsOf(command: CommandLine): number | undefined {
  const [file, ...args] = command.split(' ');
  const start = process.hrtime.bigint();
  const { status } = spawnSync(file!, args, { stdio: 'ignore', env: ENVIRONMENT });
  return status === 0 ? Number(process.hrtime.bigint() - start) / 1e9 : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
