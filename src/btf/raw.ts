import { quote } from '../bytes/quote.js';
import { digitsOf, TextBuffer } from '../bytes/text-buffer.js';
import type { Btf } from './btf.js';
import { FieldForm } from './raw-fields.js';
import { compileRaw, kindName, type Range, type RawProgram, STEP, STEP_SIZE } from './raw-program.js';
import { RecordWords } from './record-words.js';

/** Plain lines, JSON on one line, or JSON over many. */
export type RawForm = 'plain' | 'json' | 'pretty';

const CHUNK = 1 << 16;
/** Room for the text and the number of a step. */
const SPARE = 1024;
const HEAD_WORDS = 3;

/**
 * The types as they are recorded, byte for byte as `bpftool btf dump` prints them: those of `ids`, or all that are the blob's own. JSON is an object with
 * the list `types`, its braces indented to level `depth`, without a line feed behind it.
 *
 * Read as words and written as bytes: a kernel's types give 12 to 40 MB of text. A chunk holds until the next one is asked for.
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

class RawWriter {
  readonly out = new TextBuffer(CHUNK * 2);
  readonly #plain: boolean;
  readonly #program: RawProgram;
  readonly #strings: Uint8Array;
  readonly #firstString: number;
  #records: RecordWords;
  /** Of `#records`. With a sign: numbers stay within 32 bits, which the compiled loop relies on. */
  #words: Int32Array;
  #isFirst = true;

  constructor(
    readonly btf: Btf,
    form: RawForm,
    depth: number,
  ) {
    this.#plain = form === 'plain';
    this.#program = compileRaw(form, depth);
    this.#strings = btf.strings.bytes;
    this.#firstString = btf.strings.start;
    this.#records = new RecordWords(btf);
    this.#words = signed(this.#records.words);
  }

  open(): void {
    this.#text(this.#program.open);
  }

  close(): void {
    this.#text(this.#isFirst ? this.#program.closeEmpty : this.#program.close);
  }

  type(id: number): void {
    const { kinds, comma } = this.#program;
    const words = id === 0 ? VOID_WORDS : this.#wordsOf(id);
    const record = id === 0 ? 0 : this.#records.start(id);
    const info = words[record + 1]!;
    const { head, list, close } = kinds[info >>> 24] ?? this.btf.fail(id, 'its kind is unknown');
    if (!this.#isFirst) this.#text(comma);
    this.#isFirst = false;
    this.#run(head[0], head[1], words, record, id);
    if (list) {
      const count = info & 0xffffff;
      this.#text(count === 0 ? list.empty : list.open);
      const [start, end] = list.element;
      let element = record + HEAD_WORDS;
      for (let i = 0; i < count; i++, element += list.stride) this.#run(i === 0 ? start + STEP_SIZE : start, end, words, element, id);
      if (count > 0) this.#text(list.close);
    }
    this.#text(close);
  }

  #wordsOf(id: number): Int32Array {
    if (id < this.#records.btf.startId || id >= this.#records.btf.count) {
      let owner = this.btf;
      while (owner.base && id < owner.startId) owner = owner.base;
      this.#records = new RecordWords(owner);
      this.#words = signed(this.#records.words);
    }
    return this.#words;
  }

  /**
   * Takes the steps from `first` to `last` of a record, or of an element, that begins at word `at`. Nearly all time goes here, for a fraction of a second:
   * one function that seldom calls others is compiled before the work is done, many small ones are not. A branch that is first taken late throws the
   * compiled code away again, so rare cases are told apart elsewhere.
   */
  #run(first: number, last: number, words: Int32Array, at: number, id: number): void {
    const { out } = this;
    const { steps, textView, words: wordRanges, anonymous } = this.#program;
    const strings = this.#strings;
    let { bytes, view, length: to } = out;
    for (let step = first; step < last; step += STEP_SIZE) {
      if (to + SPARE > bytes.length) {
        out.length = to;
        out.room(SPARE);
        ({ bytes, view } = out);
      }
      to = copyText(textView, steps[step + STEP.start]!, steps[step + STEP.end]!, view, to);
      const form = steps[step + STEP.form]!;
      let value =
        form === FieldForm.ID ? id : (words[at + steps[step + STEP.word]!]! >> steps[step + STEP.shift]!) & steps[step + STEP.mask]!;
      if (form <= FieldForm.UNSIGNED && value >= 0) {
        to += digitsOf(value);
        let digit = to;
        do {
          const rest = (value / 10) | 0;
          bytes[--digit] = ZERO + value - rest * 10;
          value = rest;
        } while (value > 0);
        continue;
      }
      if (form === FieldForm.NAME) {
        if (value === 0) {
          to = copyText(textView, anonymous[0], anonymous[1], view, to);
          continue;
        }
        const start = to;
        let from = value - this.#firstString;
        // An offset outside has no byte here, and is refused below.
        if (from >= 0) while (SIMPLE[strings[from]!] === 1 && to < bytes.length) bytes[to++] = strings[from++]!;
        if (to > start && strings[from] === 0) continue;
        to = start;
      } else if (form === FieldForm.WORD && value >= 0) {
        const word = Math.min(steps[step + STEP.firstWord]! + 2 * value, steps[step + STEP.lastWord]!);
        to = copyText(textView, wordRanges[word]!, wordRanges[word + 1]!, view, to);
        continue;
      }
      out.length = to;
      this.#rare(form, value, step, words, at);
      ({ bytes, view, length: to } = out);
    }
    out.length = to;
  }

  /** What there are few of, or what is large. */
  #rare(form: number, value: number, step: number, words: Int32Array, at: number): void {
    const { out } = this;
    const { steps } = this.#program;
    const high = (): number => words[at + steps[step + STEP.word]! + 1]! >>> 0;
    switch (form) {
      case FieldForm.UNSIGNED:
        return out.addNumber(value >>> 0);
      case FieldForm.SIGNED:
        return out.addNumber(value);
      case FieldForm.OPTIONAL:
        if (value === 0) out.length -= steps[step + STEP.end]! - steps[step + STEP.start]!;
        else out.addNumber(value);
        return;
      case FieldForm.NAME:
        return this.#name(value >>> 0);
      case FieldForm.WORD:
        return this.#lastWord(steps[step + STEP.lastWord]!);
      case FieldForm.ENUM_VALUE:
        // In bpftool's JSON it is one of 64 bits, with the sign it would have in 32.
        return this.#plain || value >= 0 ? out.addNumber(value >>> 0) : out.addUnsigned64(0xffffffff, value >>> 0);
      case FieldForm.UNSIGNED64:
        out.addUnsigned64(high(), value >>> 0);
        return out.addText(this.#plain ? 'ULL' : '');
      case FieldForm.SIGNED64:
        out.addSigned64(high(), value >>> 0);
        return out.addText(this.#plain ? 'LL' : '');
      case FieldForm.VARIABLE:
        return this.#variable(value >>> 0);
    }
  }

  #lastWord(at: number): void {
    const { words } = this.#program;
    this.#text([words[at]!, words[at + 1]!]);
  }

  /** Any name: a base's too, and those that are no plain identifiers, which take the way over a string. */
  #name(offset: number): void {
    const { bytes, position } = this.btf.strings.locate(offset);
    if (!this.out.addString(bytes, position, SIMPLE)) this.out.addText(this.#escaped(this.btf.stringAt(offset)));
  }

  #variable(id: number): void {
    if (id >= this.btf.count) return;
    this.out.addText(` (${kindName(this.btf.kind(id))} '${this.#escaped(this.btf.name(id)) || '(anon)'}')`);
  }

  #escaped(name: string): string {
    return this.#plain ? name.replace(CONTROL, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`) : quote(name).slice(1, -1);
  }

  #text(range: Range): void {
    this.out.addPart(this.#program.texts, range[0], range[1]);
  }
}

const VOID_WORDS = new Int32Array(HEAD_WORDS);
const ZERO = 0x30;

/** What a terminal would obey, but for tabs and line feeds. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** ASCII that neither JSON nor a terminal reads otherwise. */
const SIMPLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c ? 1 : 0));

/** Eight bytes at a time, which may be some too many: as floating-point numbers, which ASCII is copied as without change. Returns where it ends. */
function copyText(texts: DataView, start: number, end: number, to: DataView, at: number): number {
  for (let from = start, place = at; from < end; from += 8, place += 8) to.setFloat64(place, texts.getFloat64(from));
  return at + end - start;
}

function signed(words: Uint32Array): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length);
}
