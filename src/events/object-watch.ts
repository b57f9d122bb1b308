// Programs, maps, links and BTF objects that come and go.
import { btfGetNextId, linkGetNextId, mapGetNextId, progGetNextId } from '../../native/bpf.js';
import { linkTypes, mapTypes, progTypes } from '../kernel/names.js';
import { Link } from '../link/link.js';
import { BpfMap } from '../map/map.js';
import { Program } from '../program/program.js';
import { btfInfo } from '../system/btf-objects.js';
import { type Holder, holders } from '../system/processes.js';

/** What is watched. */
export const WATCHED = ['program', 'map', 'link', 'btf'] as const;
export type Watched = (typeof WATCHED)[number];

/** What is known of an object when it comes, and still when it has gone. */
export interface WatchedObject {
  readonly id: number;
  /** As bpftool names it; of BTF undefined, as of what went before it could be asked. */
  readonly type?: string;
  readonly name?: string;
  /** Of a link: the program it holds, 0 for none. */
  readonly program?: number;
  /** The processes that held it when it was seen first. */
  readonly holders: readonly Holder[];
}

/** What happened between one look and the next. */
export type ObjectChange =
  | { readonly change: 'came' | 'went'; readonly kind: Watched; readonly object: WatchedObject }
  /** Objects that came and went between two looks: the kernel gave these ids, `first` to `last`, and none of them is there. */
  | { readonly change: 'missed'; readonly kind: Watched; readonly first: number; readonly last: number };

interface Source {
  readonly next: (after: number) => number | undefined;
  readonly describe: (id: number) => Omit<WatchedObject, 'id' | 'holders'>;
}

const SOURCES: Readonly<Record<Watched, Source>> = {
  program: {
    next: progGetNextId,
    describe: (id) => {
      using program = Program.fromId(id);
      return { type: progTypes.textOf(program.info.type), name: program.name };
    },
  },
  map: {
    next: mapGetNextId,
    describe: (id) => {
      using map = BpfMap.fromId(id, 'read');
      return { type: mapTypes.textOf(map.info.type), name: map.name };
    },
  },
  link: {
    next: linkGetNextId,
    describe: (id) => {
      using link = Link.fromId(id);
      const { type, progId } = link.info;
      return { type: linkTypes.textOf(type), program: progId };
    },
  },
  btf: { next: btfGetNextId, describe: (id) => ({ name: btfInfo(id).name }) },
};

/**
 * Tells what came and went since the last look. The kernel numbers objects of a kind one after the other, so what came and went unseen between two looks
 * is known at least by its number. Needs CAP_SYS_ADMIN; links since 5.8.
 */
export class ObjectWatch {
  readonly #kinds: readonly KindWatch[];

  /** Looks a first time. */
  constructor(kinds: readonly Watched[] = WATCHED) {
    this.#kinds = kinds.map((kind) => new KindWatch(kind));
  }

  /** What came and went since the last look, by kind; within a kind what went, then what came, by ids. */
  look(): ObjectChange[] {
    return this.#kinds.flatMap((kind) => kind.look());
  }
}

class KindWatch {
  readonly #source: Source;
  #known: Map<number, WatchedObject>;
  #last: number;

  constructor(readonly kind: Watched) {
    this.#source = SOURCES[kind];
    this.#known = this.#described(this.#ids());
    this.#last = Math.max(0, ...this.#known.keys());
  }

  look(): ObjectChange[] {
    const ids = this.#ids();
    const there = new Set(ids);
    const went = [...this.#known.values()].filter(({ id }) => !there.has(id));
    const came = this.#described(ids.filter((id) => !this.#known.has(id)));
    for (const { id } of went) this.#known.delete(id);
    const changes: ObjectChange[] = went.map((object) => ({ change: 'went', kind: this.kind, object }));
    for (const object of came.values()) {
      if (object.id > this.#last + 1) changes.push({ change: 'missed', kind: this.kind, first: this.#last + 1, last: object.id - 1 });
      changes.push({ change: 'came', kind: this.kind, object });
      this.#last = Math.max(this.#last, object.id);
      this.#known.set(object.id, object);
    }
    return changes;
  }

  #ids(): number[] {
    const ids: number[] = [];
    for (let id = this.#source.next(0); id !== undefined; id = this.#source.next(id)) ids.push(id);
    return ids;
  }

  /** Processes are looked through once for all that came: that takes longer than all else. */
  #described(ids: readonly number[]): Map<number, WatchedObject> {
    if (ids.length === 0) return new Map();
    const held = holders(this.kind);
    return new Map(ids.map((id) => [id, { id, ...this.#describe(id), holders: held.get(id) ?? [] }]));
  }

  #describe(id: number): Omit<WatchedObject, 'id' | 'holders'> {
    try {
      return this.#source.describe(id);
    } catch {
      // It went before it could be asked; the next look tells so.
      return {};
    }
  }
}
