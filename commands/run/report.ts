// What `run` prints: what was attached where, and at the end what is in the maps.

import { carriesEvents } from '../../src/events/feed.js';
import type { LoadedMap, LoadedProgram } from '../../src/load/loaded-object.js';
import { structNameOf } from '../../src/load/registered-struct-ops.js';
import { Dump } from '../../src/map/dump.js';
import { formatsOf } from '../../src/map/formats.js';
import { listMap } from '../../src/map/listing.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import type { Form } from '../command.js';
import { headerFields, headerText } from '../map/header.js';
import { Elements } from '../print/elements.js';
import { explain } from '../print/explain.js';
import { type Histograms, histogramsOf, histogramTexts } from './histograms.js';

/** Lines for a person, or one JSON array of programs, maps and what the programs said. */
export class Report {
  readonly elements: Elements;

  constructor(
    readonly form: Form,
    readonly depth: number,
    readonly onFailure: () => void,
    /** Maps are of more than one object: it is said of which. */
    readonly several = false,
  ) {
    this.elements = new Elements(form, depth);
  }

  attached({ spec, program }: LoadedProgram, place: string, linkId: number | undefined): Uint8Array {
    return this.#element(`${spec.name}: attached to ${place}${linkText(linkId)}\n`, {
      program: spec.name,
      prog_id: program.id,
      attached_to: place,
      link_id: linkId,
    });
  }

  registered({ spec, map }: LoadedMap, linkId: number | undefined): Uint8Array {
    const struct = structNameOf(map);
    const fields = { map: spec.name, map_id: map.id, registered_as: struct, link_id: linkId };
    return this.#element(`${spec.name}: registered as ${struct}${linkText(linkId)}\n`, fields);
  }

  unattached({ spec, program }: LoadedProgram, reason: string): Uint8Array {
    const fields = { program: spec.name, prog_id: program.id, attached_to: null, reason };
    return this.#element(`${spec.name}: loaded, not attached: ${reason}\n`, fields);
  }

  /** What an iterator printed. */
  output({ spec, program }: LoadedProgram, pieces: Iterable<Uint8Array>): Uint8Array {
    const text = Buffer.concat([...pieces]).toString();
    return this.#element(text, { program: spec.name, prog_id: program.id, output: text });
  }

  /** What went wrong, in JSON. */
  failure(sentence: string): Uint8Array {
    return this.#element('', { error: sentence });
  }

  /** A map with its contents, to a person histograms as bars; constants are left out, and buffers, which were read. */
  async *map(loaded: LoadedMap, { btf, name }: ObjectSpec): AsyncGenerator<Uint8Array> {
    const { spec, map } = loaded;
    if (spec.kind === 'rodata' || spec.kind === 'kconfig' || carriesEvents(spec.type)) return;
    const title = `\nmap ${this.several ? `${name} ` : ''}${spec.name} (id ${map.id}):\n`;
    const histograms = this.form === 'plain' ? histogramsOf(loaded, btf) : undefined;
    if (histograms) return yield* this.#histograms(title, loaded, histograms);
    const opened = this.elements.open(
      () => title,
      () => ({ ...(this.several && { object: name }), map: spec.name, id: map.id }),
      'elements',
    );
    yield bytes(opened);
    yield* this.#contents(map);
    yield bytes(this.elements.close());
  }

  *#histograms(title: string, loaded: LoadedMap, histograms: Histograms): Generator<Uint8Array> {
    yield bytes(title);
    for (const text of histogramTexts(loaded, histograms)) yield bytes(text);
  }

  end(): Uint8Array {
    return bytes(this.elements.end());
  }

  async *#contents(map: LoadedMap['map']): AsyncGenerator<Uint8Array> {
    const row = listMap(map);
    const formats = formatsOf(map);
    const depth = this.form === 'plain' ? 0 : this.depth + 2;
    const style = { form: this.form, depth, explain: (error: unknown) => explain(error).sentence };
    const dump = new Dump([{ map, header: { plain: headerText(row), fields: headerFields(row) }, ...(formats && { formats }) }], style);
    try {
      for await (const chunk of dump.chunks()) yield chunk;
      if (dump.failed) this.onFailure();
    } catch (error) {
      // Nothing was given of it yet: a ring buffer, say, has no elements to show.
      const { sentence } = explain(error);
      yield bytes(this.form === 'plain' ? `${sentence}\n` : this.elements.value({ error: sentence }));
    }
  }

  #element(line: string, fields: object): Uint8Array {
    return bytes(
      this.elements.add(
        () => line,
        () => fields,
      ),
    );
  }
}

function linkText(id: number | undefined): string {
  return id === undefined ? '' : ` (link ${id})`;
}

const bytes = (text: string) => Buffer.from(text);
