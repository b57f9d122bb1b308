import type { RawForm } from './raw.js';
import { FieldForm, type FieldFormNumber, type RawField, type RawKind, rawKinds } from './raw-fields.js';
import { BTF_KINDS, type BtfKind } from './types.js';

/** A range of {@link RawProgram.texts}, or of {@link RawProgram.steps}: where it begins, and where it ends. */
export type Range = readonly [start: number, end: number];

/** The numbers of a step, by their places: the text that is printed first, and then what {@link RawField} says. */
export const STEP = { start: 0, end: 1, form: 2, word: 3, shift: 4, mask: 5, firstWord: 6, lastWord: 7 } as const;
export const STEP_SIZE = 8;

/** Bytes that may be read behind the end of a text. */
const TEXT_SPARE = 8;

/** The steps that print a record up to its elements, what is in a list of them, and what comes at the end. */
export interface KindProgram {
  readonly head: Range;
  readonly list?: ListProgram;
  readonly close: Range;
}

/** The steps of an element begin with the one that prints what stands between two. The rest are texts. */
export interface ListProgram {
  readonly stride: number;
  readonly element: Range;
  readonly empty: Range;
  readonly open: Range;
  readonly close: Range;
}

/**
 * All that does not depend on the types, put together once, so that a dump is nothing but steps: copy a text, print a number or a name. These are the
 * tables of `raw-fields.ts` for one form of output.
 */
export interface RawProgram {
  readonly texts: Uint8Array;
  /** The same, with {@link TEXT_SPARE} bytes behind. */
  readonly textView: DataView;
  readonly anonymous: Range;
  readonly steps: Int32Array;
  /** Start and end in `texts` of words that stand for numbers. */
  readonly words: Int32Array;
  /** By kind number and, 128 behind it, kind number with the kind flag: the upper byte of a record's info. */
  readonly kinds: readonly (KindProgram | undefined)[];
  readonly open: Range;
  readonly comma: Range;
  readonly close: Range;
  readonly closeEmpty: Range;
}

/** @param depth the level that pretty JSON is indented to */
export function compileRaw(form: RawForm, depth: number): RawProgram {
  return new RawCompiler(form, depth).compile();
}

const FLAG = 0x80;

class RawCompiler {
  readonly #plain: boolean;
  readonly #quote: string;
  readonly #texts: number[] = [];
  readonly #steps: number[] = [];
  readonly #words: number[] = [];

  constructor(
    readonly form: RawForm,
    readonly depth: number,
  ) {
    this.#plain = form === 'plain';
    this.#quote = this.#plain ? "'" : '"';
  }

  compile(): RawProgram {
    const frame = {
      open: this.#json(`{${this.#key('types', 1)}[`),
      comma: this.#json(','),
      close: this.#json(`${this.#line(1)}]${this.#line(0)}}`),
      closeEmpty: this.#json(`]${this.#line(0)}}`),
      anonymous: this.#text('(anon)'),
    };
    const kinds: (KindProgram | undefined)[] = new Array(2 * FLAG).fill(undefined);
    for (const flag of [0, FLAG]) {
      const table = rawKinds(flag === FLAG);
      BTF_KINDS.forEach((kind, number) => {
        kinds[flag + number] = this.#kind(kindName(kind), table[kind]);
      });
    }
    const texts = new Uint8Array(this.#texts.length + TEXT_SPARE);
    texts.set(this.#texts);
    const [steps, words] = [Int32Array.from(this.#steps), Int32Array.from(this.#words)];
    return { ...frame, texts, textView: new DataView(texts.buffer), steps, words, kinds };
  }

  #kind(kind: string, { fields, list, separator = ' ' }: RawKind): KindProgram {
    const head = this.#range(() => {
      this.#step(this.#plain ? '[' : `{${this.#key('id', 3)}`, FieldForm.ID);
      const name = this.#plain ? `] ${kind} ` : `,${this.#key('kind', 3)}"${kind}",${this.#key('name', 3)}`;
      this.#step(name + this.#quote, FieldForm.NAME);
      fields.forEach((field, i) => {
        this.#field(field, (i === 0 ? this.#quote : '') + (this.#plain ? (i === 0 ? ' ' : separator) : ','), 3);
      });
    });
    const close = this.#text((fields.length === 0 ? this.#quote : '') + (this.#plain ? '\n' : `${this.#line(2)}}`));
    return list ? { head, list: this.#list(list), close } : { head, close };
  }

  #list({ label, stride, named, fields }: NonNullable<RawKind['list']>): ListProgram {
    const plain = this.#plain;
    const list = `,${this.#key(label, 3)}[`;
    const open = plain ? '\n\t' : '{';
    const close = plain ? '' : `${this.#line(4)}}`;
    const element = this.#range(() => {
      this.#step(plain ? open : `${close},${open}`, FieldForm.NOTHING);
      if (named) this.#step((plain ? '' : this.#key('name', 5)) + this.#quote, FieldForm.NAME);
      fields.forEach((field, i) => {
        this.#field(field, (named && i === 0 ? this.#quote : '') + (named || i > 0 ? (plain ? ' ' : ',') : ''), 5);
      });
      if (plain && !named) this.#step('', FieldForm.VARIABLE);
    });
    return {
      stride,
      element,
      empty: this.#json(`${list}]`),
      open: this.#text(plain ? open : list + open),
      close: this.#json(`${close}${this.#line(3)}]`),
    };
  }

  #field(field: RawField, before: string, level: number): void {
    this.#step(before + (this.#plain ? `${field.label}=` : this.#key(field.label, level)), field.form, field);
  }

  #step(text: string, form: FieldFormNumber, { word = 0, shift = 0, mask = -1, words = [] }: Partial<RawField> = {}): void {
    const firstWord = this.#words.length;
    for (const each of words) this.#words.push(...this.#text(this.#plain ? each : `"${each}"`));
    this.#steps.push(...this.#text(text), form, word, shift, mask, firstWord, firstWord + 2 * (words.length - 1));
  }

  #range(add: () => void): Range {
    const start = this.#steps.length;
    add();
    return [start, this.#steps.length];
  }

  /** Only in JSON. */
  #json(text: string): Range {
    return this.#text(this.#plain ? '' : text);
  }

  #text(text: string): Range {
    const start = this.#texts.length;
    for (let i = 0; i < text.length; i++) this.#texts.push(text.charCodeAt(i));
    return [start, this.#texts.length];
  }

  #key(label: string, level: number): string {
    return `${this.#line(level)}"${label}":${this.form === 'pretty' ? ' ' : ''}`;
  }

  #line(level: number): string {
    return this.form === 'pretty' ? `\n${'    '.repeat(this.depth + level)}` : '';
  }
}

/** As bpftool prints it. */
export function kindName(kind: BtfKind): string {
  return kind === 'VOID' ? 'UNKNOWN' : kind;
}
