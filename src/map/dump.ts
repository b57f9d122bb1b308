import { json } from '../format/json.js';
import { batches, type Part } from './batches.js';
import { jsonSpace } from './entry-layout.js';
import type { EntryFormats } from './formats.js';
import type { BpfMap } from './map.js';
import { type EntryForm, MapText } from './map-text.js';
import { isBatch } from './rows.js';

/** The form of a whole dump, and the level of JSON that it stands on. */
export interface DumpStyle {
  readonly form: 'plain' | 'json' | 'pretty';
  readonly depth: number;
  /** An error as a sentence, for one that comes when the JSON has begun. */
  readonly explain: (error: unknown) => string | Promise<string>;
}

/** A map to be dumped, with what its BTF says on its types. */
export interface DumpSource {
  readonly map: BpfMap;
  readonly formats?: EntryFormats;
  /** What stands above the elements when there are several maps. */
  readonly header: { readonly plain: string; readonly fields: Readonly<Record<string, unknown>> };
}

/**
 * The elements of maps as text, in chunks that each hold until the next is asked for. Several maps get a header each. Nothing is given before the first
 * element was read, so an error that comes then is thrown; a later one ends the JSON as JSON and sets {@link failed}.
 */
export class Dump {
  failed = false;
  readonly #several: boolean;
  readonly #types: boolean;
  readonly #json: boolean;
  readonly #depth: number;

  constructor(
    readonly sources: readonly DumpSource[],
    readonly style: DumpStyle,
  ) {
    this.#several = sources.length > 1;
    // Plain text is by types only when all maps have them.
    this.#types = style.form === 'plain' && sources.every(({ formats }) => formats !== undefined);
    // Plain text stands on no level, not even where it looks like JSON.
    this.#depth = style.form === 'plain' ? 0 : style.depth;
    this.#json = style.form !== 'plain' || this.#types;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { line } = this.#space(0);
    if (this.#several && this.#json) yield text('[');
    for (const [index, source] of this.sources.entries()) {
      if (index > 0) yield text(this.#json ? ',' : '\n');
      yield* this.#json ? this.#jsonMap(source) : this.#plainMap(source);
    }
    if (this.#several && this.#json) yield text(`${line(0)}]`);
    if (this.#json && this.#depth === 0) yield text('\n');
  }

  async *#plainMap({ map, header }: DumpSource): AsyncGenerator<Uint8Array> {
    const entries = new MapText(map, { kind: 'lines' });
    let count = 0;
    let head = this.#several ? header.plain : '';
    for await (const part of batches(map)) {
      if (head !== '') yield text(head);
      head = '';
      if (isBatch(part)) count += part.count;
      yield textOf(entries, part);
    }
    yield text(`${head}Found ${count} element${count === 1 ? '' : 's'}\n`);
  }

  async *#jsonMap({ map, formats, header }: DumpSource): AsyncGenerator<Uint8Array> {
    const { line, colon } = this.#space(1);
    if (!this.#several) return yield* this.#elements(map, 0, formats);
    const fields = Object.entries(header.fields).map(([name, value]) =>
      value === undefined ? '' : `${line(1)}"${name}"${colon}${json(value)},`,
    );
    yield text(`{${fields.join('')}${line(1)}"elements"${colon}`);
    yield* this.#elements(map, 2, formats);
    yield text(`${line(0)}}`);
  }

  /** The array of elements, whose brackets stand `deeper` levels below the whole. */
  async *#elements(map: BpfMap, deeper: number, formats?: EntryFormats): AsyncGenerator<Uint8Array> {
    let begun = false;
    try {
      const entries = new MapText(map, this.#entryForm(deeper + 1), formats);
      for await (const part of batches(map)) {
        // The comma before the first element becomes the bracket.
        const chunk = textOf(entries, part);
        if (!begun) chunk[0] = BRACKET;
        yield chunk;
        if (!begun) chunk[0] = COMMA;
        begun = true;
      }
    } catch (error) {
      if (!begun && !this.#several) throw error;
      yield text(`${begun ? ',' : '['}${await this.#error(error, deeper + 1)}`);
      begun = true;
    }
    yield text(begun ? `${this.#space(deeper).line(0)}]` : '[]');
  }

  async #error(error: unknown, deeper: number): Promise<string> {
    this.failed = true;
    const { line, colon } = this.#space(deeper);
    return `{${line(1)}"error"${colon}${json(await this.style.explain(error))}${line(0)}}`;
  }

  #entryForm(deeper: number): EntryForm {
    return { kind: this.#types ? 'types' : 'json', pretty: this.#pretty, depth: this.#depth + deeper };
  }

  get #pretty(): boolean {
    return this.style.form !== 'json';
  }

  #space(deeper: number) {
    return jsonSpace({ pretty: this.#pretty, depth: this.#depth + deeper });
  }
}

const BRACKET = '['.charCodeAt(0);
const COMMA = ','.charCodeAt(0);

function textOf(entries: MapText, part: Part): Uint8Array {
  return isBatch(part) ? entries.batch(part) : entries.unreadable(part);
}

function text(of: string): Uint8Array {
  return Buffer.from(of);
}
