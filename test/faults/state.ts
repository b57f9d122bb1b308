// All that a command can leave, as text: files and pins with what is in them, attachments, what is registered.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { progQuery } from '../../native/bpf.js';
import { AttachType } from '../../src/kernel/enums.gen.js';
import { linkTypes } from '../../src/kernel/names.js';
import { cgroupPrograms } from '../../src/link/cgroup.js';
import { Link } from '../../src/link/link.js';
import { netAttachments } from '../../src/link/net.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { ownFdinfo } from '../../src/system/fdinfo.js';
import { namesIn, type Place } from './place.js';

const REGISTERED = '/proc/sys/net/ipv4/tcp_available_congestion_control';

/** What there is now; `ofAll` counts in what is registered for the whole system. Ids are left out, since they differ from try to try. */
export function stateOf(place: Place, ofAll = false): string {
  const { tc, xdp, flowDissector } = netAttachments(place.ifindex);
  return [
    ...place.folders.flatMap((folder) => below(folder)),
    `tc ${tc.map(({ kind, name }) => `${kind} ${name}`)}`,
    `xdp ${xdp.map((device) => device.xdp.map(({ mode }) => mode))}`,
    `flow dissector ${flowDissector !== undefined}`,
    `cgroup ${cgroupPrograms(place.cgroup).map(({ attach, name }) => `${attach} ${name}`)}`,
    ...(ofAll ? [`congestion control ${readFileSync(REGISTERED, 'utf8').match(/bpf_ts_plain/g)}`] : []),
  ].join('\n');
}

/** The state once it is `wanted`, or what it is when it has not become that for a while: the kernel frees links in its own time. */
export async function settled(place: Place, wanted: readonly string[], ofAll = false): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const state = stateOf(place, ofAll);
    if (wanted.includes(state) || attempt === 40) return state;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function below(folder: string): string[] {
  return namesIn(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = statSync(path);
      if (stat.isDirectory()) return [`${path}/`, ...below(path)];
      return [`${path} ${path.includes('folder') ? stat.size : pinText(path)}`];
    });
}

function pinText(path: string): string {
  for (const read of [mapText, programText, linkText]) {
    try {
      return read(path);
    } catch {
      // It is something else.
    }
  }
  return 'unknown';
}

function programText(path: string): string {
  using program = Program.fromPin(path);
  return `program ${program.name}`;
}

function linkText(path: string): string {
  using link = Link.fromPin(path);
  const { type, progId, target } = link.info;
  if (!progId) return `link ${linkTypes.textOf(type)}`;
  using program = Program.fromId(progId);
  return `link ${linkTypes.textOf(type)} of ${program.name}${'ifindex' in target ? ` to ${target.ifindex}` : ''}`;
}

const MOST_ELEMENTS = 16;

function mapText(path: string): string {
  using map = BpfMap.fromPin(path, 'read');
  const frozen = ownFdinfo(map.fd).get('frozen');
  return `map ${map.name} frozen ${frozen} ${programsOf(map)}: ${elements(map)}`;
}

function elements(map: BpfMap): string {
  const found: string[] = [];
  try {
    // These hold ids, which differ from try to try.
    const refers = map.row.value === 'prog' || map.row.value === 'map';
    if (map.info.keySize === 0) return String(map.peek());
    for (let key = map.next(); key && found.length < MOST_ELEMENTS; key = map.next(key))
      found.push(`${key}=${refers ? 'set' : map.lookup(key)}`);
  } catch {
    // Not every map can be read.
  }
  return found.sort().join(' ');
}

/** How many programs a map of sockets calls; of others the kernel refuses to tell. */
function programsOf(map: BpfMap): number | undefined {
  try {
    return progQuery({ target_fd: map.fd, attach_type: AttachType.SK_MSG_VERDICT }).prog_cnt;
  } catch {
    return undefined;
  }
}
