// How objects in the kernel are named on a command line, for all commands at once.
import { UsageError } from '../src/errors.js';
import { Link } from '../src/link/link.js';
import { type Access, BpfMap } from '../src/map/map.js';
import { Program } from '../src/program/program.js';
import { parseInteger, type Words } from './words.js';

/** What the words of grammar lines mean, for the help of the commands that take them. */
export const TERMS = {
  program: 'PROG := { id N | pinned FILE | tag TAG | name NAME }',
  map: 'MAP := { id N | pinned FILE | name NAME }',
  link: 'LINK := { id N | pinned FILE }',
  btf: 'BTF := id N',
} as const;

/** Handles that are disposed of together. Never empty. */
export class Handles<T extends Disposable> implements Disposable, Iterable<T> {
  constructor(readonly all: readonly T[]) {}

  get length(): number {
    return this.all.length;
  }

  get first(): T {
    return this.all[0]!;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.all[Symbol.iterator]();
  }

  [Symbol.dispose](): void {
    for (const each of this.all) each[Symbol.dispose]();
  }
}

/** Takes a PROG: all programs that it names, at least one. The caller disposes of them. */
export function takePrograms(words: Words): Handles<Program> {
  const { by, value } = takeReference(words, 'PROG', ['id', 'tag', 'name', 'pinned']);
  switch (by) {
    case 'id':
      return new Handles([Program.fromId(toId(value))]);
    case 'pinned':
      return new Handles([Program.fromPin(value)]);
    case 'tag':
      return matching(Program.all(), (program) => program.info.tag === toTag(value), `no program with tag ${value}`);
    case 'name':
      return matching(Program.all(), (program) => program.name === value, `no program named '${value}'`);
  }
}

/** Takes a PROG that has to name one program. The caller disposes of it. */
export function takeProgram(words: Words): Program {
  return only(takePrograms(words), 'programs');
}

/** Takes a MAP: all maps that it names, at least one, opened with that access. The caller disposes of them. */
export function takeMaps(words: Words, access: Access = 'both'): Handles<BpfMap> {
  const { by, value } = takeReference(words, 'MAP', ['id', 'name', 'pinned']);
  switch (by) {
    case 'id':
      return new Handles([BpfMap.fromId(toId(value), access)]);
    case 'pinned':
      return new Handles([BpfMap.fromPin(value, access)]);
    case 'name':
      return mapsNamed(value, access);
  }
}

/** Takes a MAP that has to name one map. The caller disposes of it. */
export function takeMap(words: Words, access: Access = 'both'): BpfMap {
  return only(takeMaps(words, access), 'maps');
}

/** Takes a LINK. The caller disposes of it. */
export function takeLink(words: Words): Link {
  const { by, value } = takeReference(words, 'LINK', ['id', 'pinned']);
  return by === 'id' ? Link.fromId(toId(value)) : Link.fromPin(value);
}

/** Takes `id N` of a BTF object and gives the id. */
export function takeBtfId(words: Words): number {
  return toId(takeReference(words, 'BTF', ['id']).value);
}

function takeReference<K extends string>(words: Words, what: string, keywords: readonly K[]): { by: K; value: string } {
  const by = words.choose(what, keywords);
  return { by, value: words.next(`the ${by} of ${what}`) };
}

function toId(text: string): number {
  const id = parseInteger(text);
  if (id === undefined || id > 0xffff_ffffn) throw new UsageError(`'${text}' is no id`);
  return Number(id);
}

function toTag(text: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text)) throw new UsageError(`a tag has 16 hex digits; '${text}' has not`);
  return text.toLowerCase();
}

/** Maps of that name are looked for through descriptors that can only read, and those that match opened as asked for. */
function mapsNamed(name: string, access: Access): Handles<BpfMap> {
  const found = matching(BpfMap.all('read'), (map) => map.name === name, `no map named '${name}'`);
  if (access === 'read') return found;
  using readers = found;
  return opened([...readers].map((map) => () => BpfMap.fromId(map.id, access)));
}

/** Opens all or none. */
function opened<T extends Disposable>(open: readonly (() => T)[]): Handles<T> {
  const handles: T[] = [];
  try {
    for (const each of open) handles.push(each());
    return new Handles(handles);
  } catch (error) {
    new Handles(handles)[Symbol.dispose]();
    throw error;
  }
}

function matching<T extends Disposable>(all: Iterable<T>, matches: (each: T) => boolean, none: string): Handles<T> {
  const found: T[] = [];
  try {
    for (const each of all) {
      found.push(each);
      if (!matches(each)) found.pop()?.[Symbol.dispose]();
    }
  } catch (error) {
    new Handles(found)[Symbol.dispose]();
    throw error;
  }
  if (found.length === 0) throw new Error(none);
  return new Handles(found);
}

function only<T extends Disposable>(handles: Handles<T>, what: string): T {
  if (handles.length === 1) return handles.first;
  handles[Symbol.dispose]();
  throw new Error(`several ${what} match this handle: give the id of one`);
}
