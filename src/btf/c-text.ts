import { TextBuffer } from '../bytes/text-buffer.js';
import type { CLimits } from './c-limits.js';
import type { Names } from './c-names.js';
import type { FlatTypes } from './flat.js';
import { ENUM } from './kind-numbers.js';

const MAX_TABS = 13;
/** Of what stands around a name on a short line, for the limits: there is no line without one, or a step. */
const LINE_LENGTH = 16;
/** Names that get a number behind them are cut (btf_dump_resolve_name of libbpf). */
const MAX_NUMBERED = 255;

const DECODER = new TextDecoder();

/** What stands in C as it is. All else, control characters above all, is replaced. */
const PRINTABLE = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f ? 1 : 0));
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** Names, lines and enums in C. The text gathers in `out`. */
export class CText {
  readonly out = new TextBuffer();

  constructor(
    readonly flat: FlatTypes,
    readonly names: Names,
    readonly limits: CLimits,
  ) {}

  /** All that was written since the last call, as text. */
  take(): string {
    return DECODER.decode(this.out.take());
  }

  /** An enum with its values. */
  enumeration(id: number, level: number): void {
    const { flat, out } = this;
    out.addText('enum');
    this.tag(id);
    if (flat.vlen(id) === 0) return;
    out.addText(' {');
    const needsWords = flat.kind(id) === ENUM ? this.#values(id, level + 1) : this.#longValues(id, level + 1);
    this.line(level);
    out.addText('}');
    if (flat.size(id) === 1) out.addText(' __attribute__((mode(byte)))');
    if (flat.size(id) === 8 && needsWords) out.addText(' __attribute__((mode(word)))');
  }

  /** Returns whether an enum of 8 bytes has to be told so. */
  #values(id: number, level: number): boolean {
    const { flat, out } = this;
    const isSigned = flat.kindFlag(id);
    const first = flat.tail(id);
    const end = first + flat.vlen(id) * 2;
    for (let at = first; at < end; at += 2) {
      this.#enumerator(flat.words[at]!, level);
      const value = flat.words[at + 1]!;
      out.addNumber(isSigned ? value | 0 : value);
      out.addText(',');
    }
    return true;
  }

  /** Returns whether none of the values shows that they have 8 bytes. */
  #longValues(id: number, level: number): boolean {
    const { flat, out } = this;
    const isSigned = flat.kindFlag(id);
    const first = flat.tail(id);
    const end = first + flat.vlen(id) * 3;
    let isShort = true;
    for (let at = first; at < end; at += 3) {
      this.#enumerator(flat.words[at]!, level);
      const value = (BigInt(flat.words[at + 2]!) << 32n) | BigInt(flat.words[at + 1]!);
      out.addText(`${isSigned ? BigInt.asIntN(64, value) : value}${isSigned ? 'LL' : 'ULL'},`);
      if (flat.words[at + 2] !== 0) isShort = false;
    }
    return isShort;
  }

  #enumerator(name: number, level: number): void {
    const times = this.names.enumerator(name);
    this.line(level);
    this.name(name);
    if (times > 1) this.out.addText(`___${times}`);
    this.out.addText(' = ');
  }

  /** What makes a member a bitfield. */
  bits(bits: number): void {
    this.out.addText(': ');
    this.out.addNumber(bits);
  }

  /** The name of a struct, union or enum, and a blank before it; nothing when it is anonymous. */
  tag(id: number): void {
    const { flat, out } = this;
    if (flat.name(id) === 0) return;
    const times = this.names.tag(id);
    out.addText(' ');
    if (times === 1) this.name(flat.name(id));
    else out.addText(numbered(flat.text(id), times));
  }

  /** The string at an offset. */
  name(offset: number): void {
    const { out } = this;
    const before = out.length;
    if (!out.addString(this.flat.strings, offset, PRINTABLE)) out.addText(this.flat.btf.stringAt(offset).replace(CONTROL, '?'));
    this.limits.text(out.length - before + LINE_LENGTH);
  }

  /** Begins a line. */
  line(level: number): void {
    this.out.addText(LINES[Math.min(level, MAX_TABS)]!);
  }
}

const LINES = Array.from({ length: MAX_TABS + 1 }, (_, level) => `\n${'\t'.repeat(level)}`);

/** The name of the second and later types of a name. */
export function numbered(name: string, times: number): string {
  return `${name}___${times}`.slice(0, MAX_NUMBERED);
}
