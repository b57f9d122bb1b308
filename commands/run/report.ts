// What `run` prints: what was attached where, and at the end what is in the maps.
import { json, lineBreak } from '../../src/format/json.js';
import type { LoadedMap, LoadedProgram } from '../../src/load/loaded-object.js';
import { structNameOf } from '../../src/load/registered-struct-ops.js';
import { Dump } from '../../src/map/dump.js';
import { formatsOf } from '../../src/map/formats.js';
import { listMap } from '../../src/map/listing.js';
import type { Form } from '../command.js';
import { headerFields, headerText } from '../map/show.js';
import { explain } from '../print/explain.js';

/** Lines for a person, or one JSON array of programs and maps. */
export class Report {
  #count = 0;
  readonly #pretty: boolean;

  constructor(
    readonly form: Form,
    readonly depth: number,
    readonly onFailure: () => void,
  ) {
    this.#pretty = form === 'pretty';
  }

  attached({ spec, program }: LoadedProgram, place: string, linkId: number | undefined): Uint8Array {
    if (this.form === 'plain') return bytes(`${spec.name}: attached to ${place}${linkId === undefined ? '' : ` (link ${linkId})`}\n`);
    return this.#element({ program: spec.name, prog_id: program.id, attached_to: place, link_id: linkId });
  }

  registered({ spec, map }: LoadedMap, linkId: number | undefined): Uint8Array {
    const struct = structNameOf(map);
    if (this.form === 'plain') return bytes(`${spec.name}: registered as ${struct}${linkId === undefined ? '' : ` (link ${linkId})`}\n`);
    return this.#element({ map: spec.name, map_id: map.id, registered_as: struct, link_id: linkId });
  }

  unattached({ spec, program }: LoadedProgram, reason: string): Uint8Array {
    if (this.form === 'plain') return bytes(`${spec.name}: loaded, not attached: ${reason}\n`);
    return this.#element({ program: spec.name, prog_id: program.id, attached_to: null, reason });
  }

  /** A map with its contents; constants are left out. */
  async *map({ spec, map }: LoadedMap): AsyncGenerator<Uint8Array> {
    if (spec.kind === 'rodata' || spec.kind === 'kconfig') return;
    const row = listMap(map);
    const formats = formatsOf(map);
    const depth = this.form === 'plain' ? 0 : this.depth + 2;
    const style = { form: this.form, depth, explain: (error: unknown) => explain(error).sentence };
    const dump = new Dump([{ map, header: { plain: headerText(row), fields: headerFields(row) }, ...(formats && { formats }) }], style);
    yield this.#mapStart({ map: spec.name, id: map.id });
    try {
      for await (const chunk of dump.chunks()) yield chunk;
      if (dump.failed) this.onFailure();
    } catch (error) {
      // Nothing was given of it yet: a ring buffer, say, has no elements to show.
      yield this.#mapError(explain(error).sentence);
    }
    if (this.form !== 'plain') yield bytes(`${lineBreak(this.#pretty, this.depth + 1)}}`);
  }

  end(): Uint8Array {
    if (this.form === 'plain') return bytes('');
    return bytes(`${this.#count === 0 ? '[' : lineBreak(this.#pretty, this.depth)}]${this.depth === 0 ? '\n' : ''}`);
  }

  #mapStart(fields: { map: string; id: number }): Uint8Array {
    if (this.form === 'plain') return bytes(`\nmap ${fields.map} (id ${fields.id}):\n`);
    const opened = this.#text(fields).slice(0, -`${lineBreak(this.#pretty, this.depth + 1)}}`.length);
    return bytes(`${this.#separator()}${opened},${lineBreak(this.#pretty, this.depth + 2)}"elements":${this.#pretty ? ' ' : ''}`);
  }

  #mapError(sentence: string): Uint8Array {
    return bytes(this.form === 'plain' ? `${sentence}\n` : json({ error: sentence }, this.#pretty, this.depth + 2));
  }

  #element(fields: Record<string, unknown>): Uint8Array {
    return bytes(this.#separator() + this.#text(fields));
  }

  #text(fields: Record<string, unknown>): string {
    return json(fields, this.#pretty, this.depth + 1);
  }

  #separator(): string {
    return this.#count++ === 0 ? '[' : ',';
  }
}

const bytes = (text: string) => Buffer.from(text);
