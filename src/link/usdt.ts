// Prepares static probes of user programs: finds their places, and tells the program that is attached where their arguments are.
import { ElfType } from '../elf/constants.js';
import type { Elf } from '../elf/elf.js';
import { type UsdtSite, usdtSites } from '../elf/usdt.js';
import { UsageError } from '../errors.js';
import type { Target } from '../hook/hook.js';
import { splitBinary } from '../hook/place.js';
import { usdtSpec } from '../hook/usdt-spec.js';
import { BpfMap } from '../map/map.js';
import { KernelFeatures } from '../probe/features.js';
import { readProgramInfo } from '../program/info.js';
import { addressIn } from '../system/process-maps.js';
import { findBinary, readElf } from '../system/symbols.js';
import type { Later } from './resolve.js';

// The maps of usdt.bpf.h, as the kernel cuts their names.
const SPECS_MAP = '__bpf_usdt_specs'.slice(0, 15);
const ADDRESSES_MAP = '__bpf_usdt_ip_to_spec_id'.slice(0, 15);

interface Wanted {
  /** What bpf_usdt_cookie() gives. */
  readonly cookie?: bigint | undefined;
  readonly pid?: number | undefined;
}

/**
 * The places of the probe `PATH:PROVIDER:NAME`, with the specs of their arguments written into the program's map of them, where it has one. Kernels without
 * cookies of attachments (before 5.15) tell programs no more than the address they are at: then a second map leads from that to the spec.
 *
 * @throws UsageError when there is no such probe, its arguments cannot be read on this architecture, or its address is not known
 */
export function prepareUsdt(program: number, text: string, wanted: Wanted, later: Later): Partial<Target> {
  const { binary: rest, rest: name } = splitBinary(text, 'PATH:PROVIDER:NAME');
  const { binary, rest: provider } = splitBinary(rest, 'PATH:PROVIDER:NAME');
  const file = findBinary(binary);
  const elf = readElf(file);
  const sites = usdtSites(elf).filter((site) => site.provider === provider && site.name === name);
  if (sites.length === 0) throw new UsageError(`${file} has no probe ${provider}:${name}`);
  using specs = mapOf(program, SPECS_MAP);
  const cookies = new KernelFeatures().has('cookie');
  using addresses = cookies ? undefined : mapOf(program, ADDRESSES_MAP);
  const places = sites.map((site) => {
    const { offset, semaphore } = site;
    const spec = specs ? writeSpec(specs, usdtSpec(site.arguments, wanted.cookie ?? 0n, specs.info.valueSize, process.arch)) : 0;
    if (cookies) return { offset, semaphore, spec };
    // A program that reads no arguments needs no way to them.
    if (addresses) writeAddress(addresses, addressOf(site, elf, file, wanted.pid), spec, later);
    return { offset, semaphore, spec: undefined };
  });
  return { file, places };
}

/** Libraries, and programs that may lie anywhere, lie somewhere else in each process. */
function addressOf({ address, offset }: UsdtSite, elf: Elf, file: string, pid: number | undefined): number {
  if (elf.type === ElfType.EXEC) return address;
  if (pid !== undefined) return addressIn(pid, file, offset);
  throw new UsageError(
    `${file} lies somewhere else in each process, and this kernel has no cookies (needs 5.15): name one process by its pid`,
  );
}

function writeAddress(map: BpfMap, address: number, spec: number, later: Later): void {
  const key = new Uint8Array(BigUint64Array.of(BigInt(address)).buffer);
  const value = new Uint8Array(Uint32Array.of(spec).buffer);
  const there = map.lookup(key);
  if (there && Buffer.compare(there, value) !== 0)
    throw new UsageError(
      `the program is attached to another probe at the address 0x${address.toString(16)}, from which it could not tell this one`,
    );
  if (there) return;
  map.update(key, value);
  const held = map.duplicate();
  later(() => {
    using own = new BpfMap(held);
    own.delete(key);
  });
}

function mapOf(program: number, name: string): BpfMap | undefined {
  for (const id of readProgramInfo(program).mapIds) {
    const map = BpfMap.fromId(id);
    if (map.info.name === name) return map;
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
