import { ParseError } from '../bytes/cursor.js';
import { readText } from './read-file.js';

/** More than any kernel can be built for (CONFIG_NR_CPUS). */
const MAX_CPUS = 1 << 16;

let possible: number | undefined;

/** The number of CPUs the kernel may ever bring up, which is how many values an element of a per-CPU map has. Fixed at boot. */
export function possibleCpus(): number {
  possible ??= countCpuList(readCpus('possible'));
  return possible;
}

function readCpus(which: 'possible' | 'online'): string {
  try {
    return readText(`/sys/devices/system/cpu/${which}`);
  } catch (error) {
    throw new Error('ask how many CPUs there are (is sysfs mounted on /sys?)', { cause: error });
  }
}

/** How many CPUs a list in the kernel's notation names: `0-3,8` is 5. */
export function countCpuList(text: string): number {
  return cpuList(text).length;
}

/** The CPUs that are running now, in ascending order. */
export function onlineCpus(): number[] {
  return cpuList(readCpus('online'));
}

/** The CPUs of a list in the kernel's notation (bitmap_parselist): `0-3,8`. */
export function cpuList(text: string): number[] {
  const cpus: number[] = [];
  for (const part of text.trim().split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!range) throw new ParseError('CPU list', text.indexOf(part), `'${part}' is no CPU and no range`);
    const last = Number(range[2] ?? range[1]);
    if (last >= MAX_CPUS) throw new ParseError('CPU list', text.indexOf(part), `there is no CPU ${last}`);
    for (let cpu = Number(range[1]); cpu <= last; cpu++) cpus.push(cpu);
  }
  return cpus;
}
