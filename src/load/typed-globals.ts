import { Mapping } from '../../native/mapping.js';
import { type Codec, codecOf } from '../btf/codec.js';
import { Linkage } from '../btf/types.js';
import { Flag } from '../kernel/enums.gen.js';
import { type GlobalVariable, globalVariables } from '../object/globals.js';
import { pageSize } from '../system/page-size.js';
import type { LoadedMap, LoadedObject } from './loaded-object.js';

const FIRST_KEY = new Uint8Array(4);

/** The global variables of a loaded object, as an object whose properties read and write them in the kernel. */
export class TypedGlobals implements Disposable {
  readonly variables: object = {};
  readonly #sections = new Map<LoadedMap, Section>();

  constructor({ spec, maps }: LoadedObject) {
    for (const variable of globalVariables(spec)) {
      const type = spec.btf!.type(variable.typeId);
      const { section } = spec.maps[variable.map]!;
      const map = maps.find((loaded) => loaded.spec.kind !== undefined && loaded.spec.section === section);
      if (!map || type.kind !== 'VAR' || type.linkage === Linkage.STATIC) continue;
      this.#define(variable, this.#sectionOf(map), () => codecOf(spec.btf!, variable.typeId, variable.name));
    }
  }

  [Symbol.dispose](): void {
    for (const section of this.#sections.values()) section[Symbol.dispose]();
  }

  #define({ name, offset }: GlobalVariable, section: Section, makeCodec: () => Codec): void {
    let made: Codec | undefined;
    const codec = () => {
      made ??= makeCodec();
      return made;
    };
    Object.defineProperty(this.variables, name, {
      enumerable: true,
      get: () => codec().decode(section.read(), offset),
      ...(section.writable ? { set: (value: unknown) => section.write(offset, codec().encode(value)) } : {}),
    });
  }

  #sectionOf(map: LoadedMap): Section {
    const section = this.#sections.get(map) ?? new Section(map);
    this.#sections.set(map, section);
    return section;
  }
}

/** The map of one section of variables. */
class Section implements Disposable {
  #mapping: Mapping | undefined;

  constructor(readonly loaded: LoadedMap) {}

  /** Constants are fixed by loading. */
  get writable(): boolean {
    return this.loaded.spec.kind !== 'rodata';
  }

  read(): Uint8Array {
    return this.loaded.map.lookup(FIRST_KEY)!;
  }

  /**
   * Writes to memory that is shared with the programs, so that variables beside it, which they may be writing, stay as they are. Where the kernel
   * does not map the section (before 5.5) the whole of it is written.
   */
  write(offset: number, bytes: Uint8Array): void {
    const { map, spec } = this.loaded;
    if ((map.info.flags & Flag.BPF_F_MMAPABLE) === 0) {
      const whole = this.read();
      whole.set(bytes, offset);
      return map.update(FIRST_KEY, whole);
    }
    this.#mapping ??= new Mapping(map.fd, Math.ceil(spec.valueSize / pageSize()) * pageSize(), true);
    new Uint8Array(this.#mapping.buffer, offset, bytes.length).set(bytes);
  }

  [Symbol.dispose](): void {
    this.#mapping?.[Symbol.dispose]();
    this.#mapping = undefined;
  }
}
