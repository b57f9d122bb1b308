// Prepares static probes of user programs: finds their places, and tells the program that is attached where their arguments are.
import { usdtSites } from '../elf/usdt.js';
import { UsageError } from '../errors.js';
import type { Target } from '../hook/hook.js';
import { splitBinary } from '../hook/place.js';
import { usdtSpec } from '../hook/usdt-spec.js';
import { BpfMap } from '../map/map.js';
import { readProgramInfo } from '../program/info.js';
import { findBinary, readElf } from '../system/symbols.js';

// The map of usdt.bpf.h, as the kernel cuts its name.
const SPECS_MAP = '__bpf_usdt_specs'.slice(0, 15);

/**
 * The places of the probe `PATH:PROVIDER:NAME`, with the specs of their arguments written into the program's map of them, where it has one.
 *
 * @throws UsageError when there is no such probe, or its arguments cannot be read on this architecture
 */
export function prepareUsdt(program: number, text: string, cookie = 0n): Partial<Target> {
  const { binary: rest, rest: name } = splitBinary(text, 'PATH:PROVIDER:NAME');
  const { binary, rest: provider } = splitBinary(rest, 'PATH:PROVIDER:NAME');
  const file = findBinary(binary);
  const sites = usdtSites(readElf(file)).filter((site) => site.provider === provider && site.name === name);
  if (sites.length === 0) throw new UsageError(`${file} has no probe ${provider}:${name}`);
  using map = specsOf(program);
  const write = (args: string) => (map ? writeSpec(map, usdtSpec(args, cookie, map.info.valueSize, process.arch)) : 0);
  return { file, places: sites.map(({ offset, semaphore, arguments: args }) => ({ offset, semaphore, spec: write(args) })) };
}

function specsOf(program: number): BpfMap | undefined {
  for (const id of readProgramInfo(program).mapIds) {
    const map = BpfMap.fromId(id);
    if (map.info.name === SPECS_MAP) return map;
    map[Symbol.dispose]();
  }
  return undefined;
}

/**
 * The number of a spec in the map: of an equal one that is there, otherwise a new one. Specs stay, since nobody could say whether a link that was pinned
 * still needs them, but the same probe never takes a second place.
 */
function writeSpec(map: BpfMap, spec: Uint8Array): number {
  // A spec without arguments and cookie has to differ from an empty place; the last byte is padding to programs.
  spec[spec.length - 1] = 1;
  const { maxEntries } = map.info;
  for (let id = 0; id < maxEntries; id++) {
    const key = new Uint8Array(new Uint32Array([id]).buffer);
    const there = map.lookup(key)!;
    if (there.every((byte, i) => byte === spec[i])) return id;
    if (there.some((byte) => byte !== 0)) continue;
    map.update(key, spec);
    return id;
  }
  throw new UsageError(`the program's map for arguments of probes is full: it has ${maxEntries} places`);
}
