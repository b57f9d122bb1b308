import type { Btf } from '../../btf/btf.js';
import { Linkage } from '../../btf/types.js';
import { MapType } from '../../kernel/enums.gen.js';
import { mapType } from '../../kernel/map-types.js';
import { type Events, findEvents } from '../../object/events.js';
import type { MapSpec, ObjectSpec, ProgramSpec } from '../../object/spec.js';
import { doc, literal, NameSet, pascalCase, propertyName } from './text.js';
import { TypeWriter } from './types.js';

export interface ModuleOptions {
  /** What the object is called in the module: `exec_snoop` gives the type `ExecSnoop`. */
  readonly name: string;
  /** The file it is made from, for the comment at its top. */
  readonly file: string;
  /** The types of events by the name of their ring or perf buffer, where the object does not say. */
  readonly events?: ReadonlyMap<string, string>;
}

/** What the package has that a module may use, in the order of import. */
const RUNTIME = [
  'BpfMap',
  'EventStream',
  'eventDecoder',
  'Input',
  'loadTyped',
  'PerCpuMap',
  'TypedLoadOptions',
  'TypedMap',
  'TypedObject',
  'TypedProgram',
  'TypedQueue',
];
const VALUES: ReadonlySet<string> = new Set(['eventDecoder', 'loadTyped']);
const OWN_NAMES = ['Maps', 'Programs', 'Globals', 'OBJECT', 'load', 'Uint8Array'];
/** Characters of base64 on a line: whole groups of three bytes. */
const LINE = 128;

/**
 * A TypeScript module for an object, which it has in it: the types of its maps' keys and values, of its globals and events, and `load()`. It imports
 * from `bpf-ts` alone.
 *
 * @throws UsageError when a map or type of `events` does not exist; ParseError when the object's types are malformed
 */
export function typescriptModule(spec: ObjectSpec, bytes: Uint8Array, options: ModuleOptions): string {
  const taken = new NameSet([...RUNTIME, ...OWN_NAMES]);
  const object = taken.take(pascalCase(options.name));
  const module = new ModuleWriter(spec, taken, findEvents(spec, options.events));
  const parts = [module.maps(), module.programs(), module.globals(), module.object(object), module.decoders()];
  const data = objectText(options.name, module.eventIds(), bytes);
  const body = [...module.declarations(), ...parts, data].filter((part) => part !== '').join('\n');
  return `// Made from ${options.file.replace(/[^\x20-\x7e]/g, '?')} by bpf-ts gen ts. Do not edit.\n${imports(body)}\n${body}`;
}

class ModuleWriter {
  readonly #types: TypeWriter | undefined;

  constructor(
    readonly spec: ObjectSpec,
    readonly taken: NameSet,
    readonly events: Events,
  ) {
    this.#types = spec.btf && new TypeWriter(spec.btf, taken);
  }

  declarations(): readonly string[] {
    return this.#types?.declarations ?? [];
  }

  maps(): string {
    const declared = this.spec.maps.filter(({ kind }) => kind === undefined);
    const lines = declared.map((map) => `${doc(mapNote(map), '  ')}  readonly ${propertyName(map.name)}: ${this.#mapText(map)};\n`);
    return `/** The maps that the object declares. */\nexport interface Maps {\n${lines.join('')}}\n`;
  }

  programs(): string {
    const lines = this.spec.programs.map(
      (program) =>
        `${doc(programNote(program), '  ')}  readonly ${propertyName(program.name)}: TypedProgram${program.autoload ? '' : ' | undefined'};\n`,
    );
    return `/** The object's programs. */\nexport interface Programs {\n${lines.join('')}}\n`;
  }

  globals(): string {
    const { btf } = this.spec;
    const lines = btf ? this.spec.maps.filter(hasGlobals).flatMap((map) => this.#variables(btf, map)) : [];
    return `/** Global variables, as they are at the moment. Those without a setter are fixed by loading: give them to \`load\`. */\nexport interface Globals {\n${lines.join('')}}\n`;
  }

  object(name: string): string {
    return `export type ${name} = TypedObject<Maps, Programs, Globals>;

/** Creates the maps and loads the programs. Dispose of what it gives to let go of them. */
export function load(options?: TypedLoadOptions<Globals>): ${name} {
  return loadTyped<Maps, Programs, Globals>(OBJECT, options);
}
`;
  }

  decoders(): string {
    return this.events.types
      .flatMap((id) => {
        const text = this.#types?.text(id);
        if (text === undefined || !/^\w+$/.test(text)) return [];
        const name = this.taken.take(`decode${text}`);
        return `${doc(`Reads the bytes of one event.`)}export const ${name} = eventDecoder<${text}>(() => OBJECT, ${id});\n`;
      })
      .join('');
  }

  /** By buffer, the id of the type of its events. */
  eventIds(): string {
    return [...this.events.byMap].map(([map, id]) => `${propertyName(map)}: ${id}`).join(', ');
  }

  #mapText(map: MapSpec): string {
    const row = mapType(map.type);
    if (map.type === MapType.RINGBUF) {
      return `EventStream<${this.#text(this.events.byMap.get(map.name) ?? 0)}>`;
    }
    if (map.type === MapType.QUEUE || map.type === MapType.STACK) return `TypedQueue<${this.#text(map.valueTypeId)}>`;
    if (row.key === 'none' || (row.value !== 'plain' && row.value !== 'per-cpu')) return 'BpfMap';
    const wrapper = row.value === 'per-cpu' ? 'PerCpuMap' : 'TypedMap';
    return `${wrapper}<${this.#keyText(map)}, ${this.#text(map.valueTypeId)}>`;
  }

  #keyText(map: MapSpec): string {
    return map.keyTypeId === 0 && mapType(map.type).key === 'index' ? 'number' : this.#text(map.keyTypeId);
  }

  /** Bytes where the object has no type. */
  #text(id: number): string {
    return (id === 0 ? undefined : this.#types?.text(id)) ?? 'Uint8Array';
  }

  #variables(btf: Btf, map: MapSpec): string[] {
    const section = btf.type(map.valueTypeId);
    if (section.kind !== 'DATASEC') return [];
    const writable = map.kind === 'data' || map.kind === 'bss';
    return section.entries.flatMap(({ type }) => {
      const variable = btf.type(type);
      if (variable.kind !== 'VAR' || variable.linkage === Linkage.STATIC || this.events.markers.has(variable.name)) return [];
      const text = this.#types?.text(type);
      if (text === undefined) return [];
      const name = propertyName(variable.name);
      const setter = writable ? `  set ${name}(value: Input<${text}>);\n` : '';
      return [`${doc(map.section, '  ')}  get ${name}(): ${text};\n${setter}`];
    });
  }
}

function hasGlobals({ kind }: MapSpec): boolean {
  return kind === 'data' || kind === 'bss' || kind === 'rodata';
}

function mapNote(map: MapSpec): string {
  const { name, key } = mapType(map.type);
  if (map.type === MapType.RINGBUF) return `${name} of ${map.maxEntries} bytes.`;
  return map.maxEntries === 0 || key === 'fd' ? `${name}.` : `${name} of ${map.maxEntries} entries.`;
}

function programNote({ hook, section, autoload }: ProgramSpec): string {
  const kind = hook ? `, a program of type ${hook.program.toLowerCase()}` : '';
  return `${section}${kind}${autoload ? '' : '; only loaded when it is asked for'}.`;
}

function imports(body: string): string {
  const used = RUNTIME.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  const names = used.map((name) => (VALUES.has(name) ? name : `type ${name}`));
  return `import {\n${names.map((name) => `  ${name},\n`).join('')}} from 'bpf-ts';\n`;
}

function objectText(name: string, events: string, bytes: Uint8Array): string {
  const text = base64(bytes);
  const lines = Array.from({ length: Math.ceil(text.length / LINE) }, (_, i) => text.slice(i * LINE, (i + 1) * LINE));
  const fields = [`  name: ${literal(name)},\n`, `  events: {${events ? ` ${events} ` : ''}},\n`, `  // The object file, in base64.\n`];
  return `const OBJECT = {\n${fields.join('')}  file: \`\n${lines.join('\n')}\n\`,\n};\n`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x6000) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  return text;
}
