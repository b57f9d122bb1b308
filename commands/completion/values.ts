// What can stand for a value, as far as this machine tells: ids, names and tags of what is in the kernel now, pins, interfaces.
import { HOOKS } from '../../src/hook/all.js';
import { mapTypes, progTypes } from '../../src/kernel/names.js';
import { Link } from '../../src/link/link.js';
import { BpfMap } from '../../src/map/map.js';
import { Program } from '../../src/program/program.js';
import { type ObjectKind, pinnedPaths } from '../../src/system/bpffs.js';
import { allBtfInfos } from '../../src/system/btf-objects.js';
import { interfaces, withRouteSocket } from '../../src/system/interfaces.js';

/** A word that fits, and what it is. */
export interface Suggestion {
  readonly word: string;
  readonly note?: string;
}

type Source = () => Iterable<Suggestion>;

/** By `TERM keyword`, `object keyword` or the name of the value alone. */
const SOURCES: Readonly<Record<string, Source>> = {
  'PROG id': () => ofPrograms(({ id, name, type }) => ({ word: String(id), note: `${type} ${name}` })),
  'PROG name': () => ofPrograms(({ id, name, type }) => ({ word: name, note: `${type} ${id}` })),
  'PROG tag': () => ofPrograms(({ id, name, tag }) => ({ word: tag, note: `${id} ${name}` })),
  'PROG pinned': () => pins('program'),
  'MAP id': () => ofMaps(({ id, name, type }) => ({ word: String(id), note: `${type} ${name}` })),
  'MAP name': () => ofMaps(({ id, name, type }) => ({ word: name, note: `${type} ${id}` })),
  'MAP pinned': () => pins('map'),
  'STRUCT_OPS_MAP id': () => ofMaps(({ id, name, type }) => (type === 'struct_ops' ? { word: String(id), note: name } : undefined)),
  'STRUCT_OPS_MAP name': () => ofMaps(({ id, name, type }) => (type === 'struct_ops' ? { word: name, note: String(id) } : undefined)),
  'LINK id': function* () {
    for (const id of Link.ids()) yield { word: String(id) };
  },
  'LINK pinned': () => pins('link'),
  'btf id': function* () {
    for (const { id, name } of allBtfInfos()) yield { word: String(id), note: name };
  },
  dev: () => withRouteSocket(interfaces).map(({ name, ifindex }) => ({ word: name, note: `interface ${ifindex}` })),
  HOOK: function* () {
    for (const { sections, target } of HOOKS) for (const { name } of sections) yield { word: name.replace(/\+$/, ''), note: target };
  },
};

/** Values that are paths, for the shell to complete. */
const FILES = /^(FILE|OBJ|OBJECT|PATH|INPUT|OUTPUT|LOG|KEY_FILE|CERT)$/;
const DIRECTORIES = /^(DIR|LINK_DIR|CGROUP|CGROUP_ROOT)$/;

/** What the shell is to complete by itself. */
export type Delegated = 'files' | 'directories';

/** What a value can be. `names` are those it is looked up by, the most special first. */
export function valuesOf(name: string, names: readonly string[]): Iterable<Suggestion> | Delegated {
  const source = [...names, name].map((each) => SOURCES[each]).find((found) => found !== undefined);
  if (source) return whatCanBeRead(source);
  return FILES.test(name) ? 'files' : DIRECTORIES.test(name) ? 'directories' : [];
}

/** Without the privilege to look, nothing is suggested. */
function whatCanBeRead(source: Source): Suggestion[] {
  const found: Suggestion[] = [];
  try {
    for (const each of source()) if (each.word !== '') found.push(each);
  } catch {
    // A shell that waits for suggestions has no place for an error.
  }
  return found;
}

interface Described {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly tag: string;
}

function* ofPrograms(suggest: (each: Described) => Suggestion): Generator<Suggestion> {
  for (using program of Program.all()) {
    const { id, tag, type } = program.info;
    yield suggest({ id, name: program.name, tag, type: progTypes.textOf(type) });
  }
}

function* ofMaps(suggest: (each: Omit<Described, 'tag'>) => Suggestion | undefined): Generator<Suggestion> {
  for (using map of BpfMap.all('read')) {
    const found = suggest({ id: map.id, name: map.name, type: mapTypes.textOf(map.info.type) });
    if (found) yield found;
  }
}

function* pins(kind: ObjectKind): Generator<Suggestion> {
  for (const [id, paths] of pinnedPaths(kind)) for (const path of paths) yield { word: path, note: `${kind} ${id}` };
}
