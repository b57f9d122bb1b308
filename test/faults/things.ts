// What cases work on, made before a try: each function gives one that makes it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttachType } from '../../src/kernel/enums.gen.js';
import type { MapTypeName } from '../../src/kernel/names.js';
import { attach } from '../../src/link/attach.js';
import { Held } from '../../src/link/attachment.js';
import { attachToCgroup } from '../../src/link/cgroup.js';
import type { Link } from '../../src/link/link.js';
import { attachToInterface, type NetPlace } from '../../src/link/net-attach.js';
import { registerStructOps } from '../../src/link/struct-ops.js';
import type { TargetWords } from '../../src/link/target.js';
import type { MapAttributes } from '../../src/map/create.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { loadTestObject } from '../support/live.js';
import { makeMap } from '../support/maps.js';
import type { Place } from './place.js';

/** Makes something at a place; what it gives, if that can be, is disposed of before the place is made anew. */
export type Making = (place: Place) => unknown;

/** A map pinned at `there`, with elements 0 to `elements - 1`; element N has N in its first byte. */
export function map(type: MapTypeName, options: { elements?: number; at?: string; more?: Partial<MapAttributes> } = {}): Making {
  return (place) => {
    using made = makeMap(type, { maxEntries: type.endsWith('RINGBUF') ? 65536 : 4, name: 'faults', ...options.more });
    const { keySize } = made.info;
    for (let i = 0; i < (options.elements ?? 0); i++)
      made.update(keySize === 0 ? undefined : bytes(i, keySize), bytes(i, made.info.valueSize));
    made.pin(place.pin(options.at ?? 'there'));
  };
}

const bytes = (first: number, length: number) => Uint8Array.from({ length }, (_, i) => (i === 0 ? first : 0));

/** A program of a test object, pinned at `there`; `maps` of the object pinned by their names. */
export function program(object: string, name: string, options: { at?: string; maps?: readonly string[] } = {}): Making {
  return (place) => {
    using loaded = loadTestObject(object);
    loaded.program(name)!.pin(place.pin(options.at ?? 'there'));
    for (const each of options.maps ?? []) loaded.map(each)!.pin(place.pin(each));
  };
}

/** A map of a test object, with its types, pinned at `there`; elements as {@link map} makes them. */
export function typedMap(object: string, name: string, elements = 0): Making {
  return (place) => {
    using loaded = loadTestObject(object);
    const made = loaded.map(name)!;
    for (let i = 0; i < elements; i++) made.update(bytes(i, made.info.keySize), bytes(i, made.valueBytes));
    made.pin(place.pin('there'));
  };
}

/** A ring or perf buffer, pinned at `there`, and what sends to it, which has run a few times; held by this process. */
export function sent(object: string, at = 'there'): Making {
  return (place) => {
    const loaded = loadTestObject(object);
    loaded.map('events')!.pin(place.pin(at));
    for (let i = 0; i < 3; i++) loaded.programs[0]!.program.testRun({ data: new Uint8Array(64) });
    return loaded;
  };
}

/** The program that is pinned at `there`, attached by a link that is pinned at `link`. */
export const linked: Making = (place) => {
  using there = Program.fromPin(place.pin('there'));
  using link = attach(there, 'tcx/ingress', { dev: 'near' });
  (link as Link).pin(place.pin('link'));
};

/** The same, held by this process and not pinned. */
export function held(hook: string, words: TargetWords = {}): Making {
  return (place) => {
    using there = Program.fromPin(place.pin('there'));
    return attach(there, hook, words);
  };
}

/** The program that is pinned at `there`, attached to the interface without a link. */
export function onInterface(where: NetPlace): Making {
  return (place) => {
    using there = Program.fromPin(place.pin('there'));
    attachToInterface(place.ifindex, where, there);
  };
}

export const onCgroup: Making = (place) => {
  using there = Program.fromPin(place.pin('there'));
  attachToCgroup(place.cgroup, 'CGROUP_INET_EGRESS', there, ['multi']);
};

/** The program that is pinned at `there`, attached to the map of sockets that is pinned at `sockets`. */
export const onSockets: Making = (place) => {
  using there = Program.fromPin(place.pin('there'));
  using sockets = BpfMap.fromPin(place.pin('sockets'));
  there.attach(AttachType.SK_MSG_VERDICT, sockets.fd);
};

/** Struct_ops of a test object in use, without a link. */
export const registered: Making = () => {
  using loaded = loadTestObject('struct-ops-plain');
  const { map, structOps } = loaded.maps.find(({ structOps }) => structOps !== undefined)!;
  const held = registerStructOps(map, structOps!.value);
  if (held instanceof Held) held.leave();
};

/** A file in the folder; paths in a text are filled in. */
export function file(name: string, text: string | Uint8Array): Making {
  return (place) => writeFileSync(join(place.folder, name), typeof text === 'string' ? place.fill(text) : text);
}
