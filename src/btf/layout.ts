import type { Btf } from './btf.js';
import { CLimits } from './c-limits.js';
import { PLAIN_NAMES } from './c-names.js';
import { CWriter } from './c-writer.js';
import { FlatTypes } from './flat.js';
import { sizeOf } from './resolve.js';
import type { BtfComposite, BtfMember } from './types.js';

/** A struct or union with the place of everything in it. Sizes are in bytes, places in bits from the start of the outermost type. */
export interface Layout {
  readonly kind: 'STRUCT' | 'UNION';
  /** `''` when it is anonymous. */
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly parts: readonly (LayoutMember | LayoutHole)[];
}

export interface LayoutMember {
  readonly kind: 'member';
  /** `''` for an anonymous struct or union. */
  readonly name: string;
  /** In C, with the name. */
  readonly declaration: string;
  readonly start: number;
  /** In bits. */
  readonly length: number;
  readonly isBitfield: boolean;
  /** Of an anonymous struct or union, what is in it. */
  readonly inner: Layout | undefined;
}

/** Bits that belong to no member; at the end of a struct, its padding. */
export interface LayoutHole {
  readonly kind: 'hole';
  readonly start: number;
  readonly length: number;
  readonly isPadding: boolean;
}

const MAX_DEPTH = 64;

/** Where the members of a struct or union are, and where none is. @throws ParseError when the type is another, or malformed */
export function layoutOf(btf: Btf, id: number): Layout {
  const type = btf.type(id);
  if (type.kind !== 'STRUCT' && type.kind !== 'UNION') return btf.fail(id, `${type.kind} has no layout`);
  return new LayoutReader(btf, type.members.length).composite(id, type, 0, 0);
}

class LayoutReader {
  readonly #limits: CLimits;
  readonly #writer: CWriter;

  constructor(
    readonly btf: Btf,
    members: number,
  ) {
    this.#limits = CLimits.forOne(btf, members);
    this.#writer = new CWriter(FlatTypes.of(btf), PLAIN_NAMES, this.#limits);
  }

  composite(id: number, { kind, name, size, members }: BtfComposite, start: number, depth: number): Layout {
    if (depth > MAX_DEPTH) this.btf.fail(id, 'types nest too deep');
    const parts: (LayoutMember | LayoutHole)[] = [];
    let end = start;
    for (const member of members) {
      const part = this.#member(member, start, depth);
      if (kind === 'STRUCT' && part.start > end) parts.push({ kind: 'hole', start: end, length: part.start - end, isPadding: false });
      parts.push(part);
      end = Math.max(end, part.start + part.length);
    }
    const whole = start + size * 8;
    if (kind === 'STRUCT' && whole > end) parts.push({ kind: 'hole', start: end, length: whole - end, isPadding: true });
    return { kind, name, start, size, parts };
  }

  #member({ name, type: id, bitOffset, bitfieldSize }: BtfMember, outer: number, depth: number): LayoutMember {
    this.#limits.step(id, depth);
    const type = this.btf.type(id);
    const start = outer + bitOffset;
    const isAnonymous = (type.kind === 'STRUCT' || type.kind === 'UNION') && type.name === '';
    return {
      kind: 'member',
      name,
      declaration: isAnonymous ? name : this.#declaration(id, name, bitfieldSize, depth + 1),
      start,
      length: bitfieldSize || sizeOf(this.btf, id) * 8,
      isBitfield: bitfieldSize > 0,
      inner: isAnonymous ? this.composite(id, type, start, depth + 1) : undefined,
    };
  }

  #declaration(id: number, name: string, bits: number, level: number): string {
    this.#writer.declaration(id, name, level);
    return this.#writer.take() + (bits > 0 ? `: ${bits}` : '');
  }
}
