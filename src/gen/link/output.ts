import type { CoreRelo } from '../../btf/ext.js';
import type { FuncInfo } from '../../btf/info.js';
import { SectionIndex, SectionType } from '../../elf/constants.js';
import type { ElfSection } from '../../elf/section.js';
import { UsageError } from '../../errors.js';

/** A line of source code whose texts are still texts. */
export interface LineText {
  readonly instruction: number;
  readonly file: string;
  readonly text: string;
  readonly lineColumn: number;
}

/** A variable or function in a data section of the result; `typeId` among the merged types. */
export interface SectionEntry {
  readonly typeId: number;
  offset: number;
  size: number;
  /** Its section is another after all. */
  gone: boolean;
}

/** A relocation of the result. */
export interface LinkedRelocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol: LinkedSymbol;
}

/** A symbol of the result. */
export interface LinkedSymbol {
  readonly name: string;
  binding: number;
  visibility: number;
  type: number;
  /** A section, or an index that names none (undefined, absolute). */
  place: LinkedSection | number;
  value: number;
  size: number;
}

/**
 * A section of the result, that contents of sections of the same name are appended to. One that only types speak of (`.ksyms`, `.kconfig`, `.maps`
 * with nothing but externs) has no contents and is not written.
 */
export class LinkedSection {
  #header: ElfSection | undefined;
  #parts: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  size = 0;
  alignment = 1;
  /** Whether types list its variables, be they none. */
  hasTypes = false;
  readonly entries: SectionEntry[] = [];
  readonly functions: FuncInfo[] = [];
  readonly lines: LineText[] = [];
  readonly coreRelos: CoreRelo[] = [];
  readonly relocations: LinkedRelocation[] = [];
  sectionSymbol: LinkedSymbol | undefined;

  constructor(readonly name: string) {}

  /** What its first contents say on type and flags; undefined when there are none. */
  get header(): ElfSection | undefined {
    return this.#header;
  }

  /** Adds contents, aligned as they ask for, and gives their offset. @throws UsageError when the sections are of different kinds */
  append(section: ElfSection): number {
    this.#header ??= section;
    const header = this.#header;
    for (const field of ['type', 'flags', 'entrySize'] as const) {
      if (header[field] !== section[field])
        throw new UsageError(`${section.what}: its ${field} is ${section[field]}, that of ${header.what} ${header[field]}`);
    }
    this.alignment = Math.max(this.alignment, section.alignment);
    const offset = Math.ceil(this.size / this.alignment) * this.alignment;
    if (section.type !== SectionType.NOBITS) this.#parts.push({ offset, bytes: section.bytes });
    this.size = offset + section.size;
    return offset;
  }

  /** A copy of its contents; those of NOBITS sections are not there. */
  bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#parts.length === 0 ? 0 : this.size);
    for (const part of this.#parts) bytes.set(part.bytes, part.offset);
    return bytes;
  }
}

export function isExtern(symbol: LinkedSymbol): boolean {
  return symbol.place === SectionIndex.UNDEF;
}
