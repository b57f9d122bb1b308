import type { Btf } from '../btf/btf.js';
import { codecOf, type Input } from '../btf/codec.js';
import { decodeEvent, EventStream } from '../events/event-stream.js';
import { MapType } from '../kernel/enums.gen.js';
import { mapType } from '../kernel/map-types.js';
import { attach } from '../link/attach.js';
import type { Held } from '../link/attachment.js';
import type { Link } from '../link/link.js';
import type { TargetWords } from '../link/target.js';
import { codecOrBytes, indexCodec, PerCpuMap, TypedMap, TypedQueue } from '../map/typed-map.js';
import { setGlobals } from '../object/globals.js';
import { parseObject } from '../object/parse.js';
import type { ProgramSpec } from '../object/spec.js';
import type { Program } from '../program/program.js';
import { type AttachedObject, attachObject } from './attach-object.js';
import { load } from './load.js';
import type { LoadedMap, LoadedObject } from './loaded-object.js';
import type { LoadOptions } from './options.js';
import { TypedGlobals } from './typed-globals.js';

/** What a module that `gen ts` wrote has in it. */
export interface EmbeddedObject {
  readonly name: string;
  /** By ring buffer, the id of the type of its events in the object's BTF. */
  readonly events: Readonly<Record<string, number>>;
  /** The object file in base64. */
  readonly file: string;
}

/** How a typed object is loaded. */
export interface TypedLoadOptions<Globals> extends LoadOptions {
  /** First values of global variables, constants (`const volatile`) among them: programs are verified with these. */
  readonly globals?: { readonly [Name in keyof Globals]?: Input<Globals[Name]> };
}

/** A program of a typed object. */
export class TypedProgram {
  constructor(
    readonly program: Program,
    readonly spec: ProgramSpec,
  ) {}

  /** Attaches it to what its section says; `words` say what the section cannot, such as `{ dev: 'eth0' }`. Disposing of what it gives detaches. */
  attach(words?: TargetWords): Link | Held {
    return attach(this.program, this.spec.section, words);
  }
}

/** An object in the kernel, with names and types of what is in it. Disposing of it closes all of it; what is neither pinned nor attached goes away. */
export class TypedObject<Maps, Programs, Globals> implements Disposable {
  readonly maps: Maps;
  readonly programs: Programs;
  /** Reading one asks the kernel, writing one is seen by programs at once. */
  readonly globals: Globals;
  readonly #owned: Disposable[];

  constructor(
    readonly loaded: LoadedObject,
    events: EmbeddedObject['events'],
  ) {
    const { btf } = loaded.spec;
    const declared = loaded.maps.filter(({ spec }) => spec.kind === undefined);
    const maps = declared.map((map) => [map.spec.name, typedMap(map, btf, events[map.spec.name])] as const);
    const programs = loaded.programs.map(({ spec, program }) => [spec.name, new TypedProgram(program, spec)] as const);
    const globals = new TypedGlobals(loaded);
    this.maps = Object.fromEntries(maps) as Maps;
    this.programs = Object.fromEntries(programs) as Programs;
    this.globals = globals.variables as Globals;
    this.#owned = [...maps.flatMap(([, map]) => (map instanceof EventStream ? [map] : [])), globals, loaded];
  }

  /** Attaches every program to what its section says. Disposing of what it gives detaches them. All or nothing. */
  attach(words?: TargetWords): AttachedObject {
    return attachObject(this.loaded, words);
  }

  [Symbol.dispose](): void {
    for (const owned of this.#owned) owned[Symbol.dispose]();
  }
}

/** Loads the object of a module; what the types are is the module's affair. @throws what `parseObject`, `setGlobals` and `load` throw */
export function loadTyped<Maps, Programs, Globals>(
  object: EmbeddedObject,
  { globals, ...options }: TypedLoadOptions<Globals> = {},
): TypedObject<Maps, Programs, Globals> {
  const given = Object.entries(globals ?? {}).filter(([, value]) => value !== undefined);
  const spec = setGlobals(parseObject(bytesOf(object), { name: object.name }), given);
  return new TypedObject(load(spec, options), object.events);
}

/** Reads the bytes of events of a type of the object, whose types are looked at when the first event comes. */
export function eventDecoder<E>(object: () => EmbeddedObject, typeId: number): (bytes: Uint8Array) => E {
  let decode: ((bytes: Uint8Array) => E) | undefined;
  return (bytes) => {
    if (!decode) {
      const codec = codecOf<E>(parseObject(bytesOf(object())).btf!, typeId, 'event');
      decode = (record) => decodeEvent(codec, record);
    }
    return decode(bytes);
  };
}

function bytesOf({ file }: EmbeddedObject): Uint8Array {
  return new Uint8Array(Buffer.from(file, 'base64'));
}

/** As `typescriptModule` says it in types. */
function typedMap({ spec, map }: LoadedMap, btf: Btf | undefined, event: number | undefined): unknown {
  const row = mapType(spec.type);
  if (spec.type === MapType.RINGBUF) return new EventStream(map, event === undefined ? undefined : codecOf(btf!, event, spec.name));
  const value = codecOrBytes(btf, spec.valueTypeId, spec.valueSize, `${spec.name} value`);
  if (spec.type === MapType.QUEUE || spec.type === MapType.STACK) return new TypedQueue(map, value);
  if (row.key === 'none' || (row.value !== 'plain' && row.value !== 'per-cpu')) return map;
  const isIndex = spec.keyTypeId === 0 && row.key === 'index';
  const key = isIndex ? indexCodec : codecOrBytes(btf, spec.keyTypeId, spec.keySize, `${spec.name} key`);
  return row.value === 'per-cpu' ? new PerCpuMap(map, key as never, value) : new TypedMap(map, key as never, value);
}
