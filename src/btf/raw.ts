import { quote } from '../bytes/quote.js';
import { TextBuffer } from '../bytes/text-buffer.js';
import type { Btf } from './btf.js';
import { RAW_KINDS, type RawField, type RawKind, type RawRecord } from './raw-fields.js';
import { BTF_KINDS, type BtfKind } from './types.js';

/** Plain lines, JSON on one line, or JSON over many. */
export type RawForm = 'plain' | 'json' | 'pretty';

const CHUNK = 1 << 16;

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/**
 * The types as they are recorded, byte for byte as `bpftool btf dump` prints them: those of `ids`, or all that are the blob's own. JSON is an object with
 * the list `types`, its braces indented to level `depth`, without a line feed behind it.
 *
 * Read and written as bytes: a kernel's types give 12 to 40 MB of text. A chunk holds until the next one is asked for.
 *
 * @throws ParseError when a type or a name does not exist
 */
export function* rawDump(btf: Btf, form: RawForm, ids: Iterable<number> = btf.ids(), depth = 0): Generator<Uint8Array> {
  const writer = new RawWriter(btf, form, depth);
  writer.open();
  for (const id of ids) {
    writer.type(id);
    if (writer.out.length >= CHUNK) yield writer.out.take();
  }
  writer.close();
  yield writer.out.take();
}

type Print = (record: RawRecord) => void;

interface Printer {
  readonly head: Uint8Array;
  readonly fields: readonly Print[];
  readonly list?: { readonly open: Uint8Array; readonly size: number; readonly print: Print };
}

class RawWriter {
  readonly out = new TextBuffer(CHUNK * 2);
  readonly #plain: boolean;
  readonly #kinds: readonly Printer[];
  readonly #record: RawRecord;
  readonly #marks: Record<'comma' | 'quote' | 'openObject' | 'closeType' | 'closeElement' | 'closeList' | 'openId', Uint8Array>;
  #first = true;

  constructor(
    readonly btf: Btf,
    readonly form: RawForm,
    readonly depth: number,
  ) {
    this.#plain = form === 'plain';
    this.#record = btf.rawRecord();
    this.#marks = {
      comma: bytesOf(','),
      quote: bytesOf(this.#plain ? "'" : '"'),
      openObject: bytesOf('{'),
      closeType: bytesOf(this.#plain ? '\n' : `${this.#line(2)}}`),
      closeElement: bytesOf(`${this.#line(4)}}`),
      closeList: bytesOf(`${this.#line(3)}]`),
      openId: bytesOf(this.#plain ? '[' : `{${this.#key('id', 3)}`),
    };
    this.#kinds = BTF_KINDS.map((kind) => this.#printer(kindName(kind), RAW_KINDS[kind]));
  }

  open(): void {
    if (!this.#plain) this.#text(`{${this.#key('types', 1)}[`);
  }

  close(): void {
    if (!this.#plain) this.#text(`${this.#first ? '' : this.#line(1)}]${this.#line(0)}}`);
  }

  type(id: number): void {
    const record = this.btf.readRawRecord(id, this.#record);
    const { head, fields, list } = this.#kinds[(record.info >>> 24) & 0x7f]!;
    if (!this.#plain && !this.#first) this.out.add(this.#marks.comma);
    this.#first = false;
    this.out.add(this.#marks.openId);
    this.out.addNumber(id);
    this.out.add(head);
    this.#name(id === 0 ? 0 : record.view.getUint32(record.at, record.littleEndian));
    for (const print of fields) print(record);
    if (list) this.#elements(record, list);
    this.out.add(this.#marks.closeType);
  }

  #elements(record: RawRecord, { open, size, print }: NonNullable<Printer['list']>): void {
    const count = record.info & 0xffffff;
    this.out.add(open);
    record.at += 12;
    for (let i = 0; i < count; i++) {
      if (i > 0 && !this.#plain) this.out.add(this.#marks.comma);
      print(record);
      record.at += size;
    }
    if (!this.#plain) this.out.add(count > 0 ? this.#marks.closeList : bytesOf(']'));
  }

  #printer(kind: string, { fields, list, separator = ' ' }: RawKind): Printer {
    const head = bytesOf(this.#plain ? `] ${kind} ` : `,${this.#key('kind', 3)}"${kind}",${this.#key('name', 3)}`);
    const prints = fields.map((field, i) => this.#field(field, 3, i === 0 ? ' ' : separator));
    return list ? { head, fields: prints, list: this.#list(list) } : { head, fields: prints };
  }

  #list({ label, size, named, fields }: NonNullable<RawKind['list']>): NonNullable<Printer['list']> {
    const open = bytesOf(this.#plain ? '' : `,${this.#key(label, 3)}[`);
    const before = bytesOf(this.#plain ? '\n\t' : named ? `{${this.#key('name', 5)}` : '{');
    const prints = fields.map((field, i) => this.#field(field, 5, i === 0 && !named ? '' : ' ', i === 0 && !named));
    const print: Print = (record) => {
      this.out.add(before);
      if (named) this.#name(record.view.getUint32(record.at, record.littleEndian));
      for (const field of prints) field(record);
      if (!this.#plain) this.out.add(this.#marks.closeElement);
      else if (!named) this.#variable(record.view.getUint32(record.at, record.littleEndian));
    };
    return { open, size, print };
  }

  /** What a variable of a data section is called, which only plain text says. */
  #variable(id: number): void {
    if (id >= this.btf.count) return;
    this.#text(` (${kindName(this.btf.kind(id))} '${this.#escaped(this.btf.name(id)) || '(anon)'}')`);
  }

  #field(field: RawField, level: number, separator: string, first = false): Print {
    const before = bytesOf(this.#plain ? `${separator}${field.label}=` : `${first ? '' : ','}${this.#key(field.label, level)}`);
    const value = this.#value(field);
    if ('optional' in field) {
      return (record) => {
        const number = field.optional(record);
        if (number === undefined) return;
        this.out.add(before);
        this.out.addNumber(number);
      };
    }
    return (record) => {
      this.out.add(before);
      value(record);
    };
  }

  #value(field: RawField): Print {
    const { out } = this;
    if ('number' in field) return (record) => out.addNumber(field.number(record));
    if ('word' in field) {
      const words = field.words.map((text) => bytesOf(this.#plain ? text : `"${text}"`));
      return (record) => out.add(words[field.word(record)]!);
    }
    if ('long' in field) return (record) => this.#text(field.long(record) + (this.#plain ? field.suffix(record) : ''));
    if ('enumValue' in field) return (record) => this.#enumValue(field.enumValue(record), record.info >>> 31 === 1);
    return () => {};
  }

  /** In bpftool's JSON an unsigned value of 32 bits is one of 64, with the sign it would have in 32. */
  #enumValue(value: number, signed: boolean): void {
    if (signed || value >= 0) this.out.addNumber(value);
    else if (this.#plain) this.out.addNumber(value >>> 0);
    else this.#text(String(BigInt.asUintN(64, BigInt(value))));
  }

  #name(offset: number): void {
    this.out.add(this.#marks.quote);
    if (offset === 0) this.out.add(ANONYMOUS);
    else this.#string(offset);
    this.out.add(this.#marks.quote);
  }

  /** Identifiers are copied; anything else takes the way over a string. */
  #string(offset: number): void {
    const { start, bytes } = this.btf.strings;
    const own = offset >= start && this.out.addString(bytes, offset - start, SIMPLE);
    if (!own) this.#text(this.#escaped(this.btf.stringAt(offset)));
  }

  #escaped(name: string): string {
    return this.#plain ? name.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`) : quote(name).slice(1, -1);
  }

  #text(text: string): void {
    this.out.add(bytesOf(text));
  }

  #key(label: string, level: number): string {
    return `${this.#line(level)}"${label}":${this.form === 'pretty' ? ' ' : ''}`;
  }

  #line(level: number): string {
    return this.form === 'pretty' ? `\n${'    '.repeat(this.depth + level)}` : '';
  }
}

const ANONYMOUS = bytesOf('(anon)');

/** What a terminal would obey, but for tabs and line feeds. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** ASCII that neither JSON nor a terminal reads otherwise. */
const SIMPLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c ? 1 : 0));

function kindName(kind: BtfKind): string {
  return kind === 'VOID' ? 'UNKNOWN' : kind;
}
