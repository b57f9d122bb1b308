import { UsageError } from '../../src/errors.js';
import { mapTypes } from '../../src/kernel/names.js';
import type { MapAttributes } from '../../src/map/create.js';
import { BpfMap } from '../../src/map/map.js';
import { preparePin, Rollback } from '../../src/system/bpffs.js';
import { mapCapabilities } from '../../src/system/creation-needs.js';
import { requireInterface } from '../../src/system/interfaces.js';
import { done, type Options, subcommand } from '../command.js';
import type { Words } from '../line/words.js';
import { noteNeeds } from '../print/failure.js';
import { warn } from '../print/warn.js';
import { takeMap } from '../reference/reference.js';
import { holdSignals } from '../signals.js';

const NAME_BYTES = 15;

type Draft = { -readonly [K in keyof MapAttributes]?: MapAttributes[K] };
type Keyword = 'type' | 'name' | 'key' | 'value' | 'entries' | 'flags' | 'dev' | 'offload_dev' | 'inner_map';

/** `map create FILE type TYPE ...` */
export const create = subcommand({
  name: 'create',
  summary: 'Create a map and pin it',
  grammar: 'FILE type TYPE key KEY_SIZE value VALUE_SIZE entries MAX_ENTRIES name NAME [flags FLAGS] [inner_map MAP] [offload_dev NAME]',
  examples: ['bpf-ts map create /sys/fs/bpf/counts type percpu_hash key 4 value 8 entries 1024 name counts'],
  run: (words, options) => {
    const path = words.next('FILE');
    using inner = new Held();
    const attributes = takeAttributes(words, inner);
    if (attributes.name.length > NAME_BYTES) warn(options, `map name is longer than ${NAME_BYTES} characters, it will be truncated`);
    using map = createMap(attributes);
    pinNew(map, path, options);
    return done;
  },
});

function createMap(attributes: MapAttributes): BpfMap {
  try {
    return BpfMap.create(attributes);
  } catch (error) {
    if (error instanceof Error) noteNeeds(error, mapCapabilities(attributes.type));
    throw error;
  }
}

function pinNew(map: BpfMap, path: string, { nomount }: Options): void {
  using _ = holdSignals();
  using rollback = new Rollback();
  preparePin(path, { nomount, rollback });
  map.pin(path);
  rollback.commit();
}

/** The pattern of a map of maps, open for as long as it is needed. */
class Held implements Disposable {
  map: BpfMap | undefined;

  [Symbol.dispose](): void {
    this.map?.[Symbol.dispose]();
  }
}

// In bpftool's order, which decides what a prefix means.
const KEYWORDS: readonly Keyword[] = ['type', 'name', 'key', 'value', 'entries', 'flags', 'dev', 'offload_dev', 'inner_map'];

const TAKE: Readonly<Record<Keyword, (words: Words, draft: Draft, inner: Held) => void>> = {
  type: (words, draft) => {
    draft.type = takeType(words);
  },
  name: (words, draft) => {
    draft.name = words.next('name');
  },
  key: (words, draft) => {
    draft.keySize = words.number('key size');
  },
  value: (words, draft) => {
    draft.valueSize = words.number('value size');
  },
  entries: (words, draft) => {
    draft.maxEntries = words.number('max entries');
  },
  flags: (words, draft) => {
    draft.flags = words.number('flags');
  },
  dev: takeDevice,
  offload_dev: takeDevice,
  inner_map: (words, draft, inner) => {
    inner.map = takeMap(words, 'read');
    draft.innerMapFd = inner.map.fd;
  },
};

function takeDevice(words: Words, draft: Draft): void {
  draft.ifindex = requireInterface(words.next('device'));
}

function takeAttributes(words: Words, inner: Held): MapAttributes & { name: string } {
  const draft: Draft = {};
  const given = new Set<Keyword>();
  while (words.left > 0) {
    const keyword = words.choose('map create', KEYWORDS);
    if (given.has(keyword)) throw new UsageError(`'${keyword}' stands there twice`);
    given.add(keyword);
    TAKE[keyword](words, draft, inner);
  }
  const { type, name, keySize = 0, valueSize = 0, maxEntries = 0 } = draft;
  if (type === undefined) throw new UsageError("the map's type is missing: type TYPE");
  if (name === undefined) throw new UsageError("the map's name is missing: name NAME");
  return { ...draft, type, name, keySize, valueSize, maxEntries };
}

function takeType(words: Words): number {
  const word = words.next('type');
  const type = mapTypes.valueOf(word);
  if (type === undefined) throw new UsageError(`there is no map type '${word}'`);
  return type;
}
