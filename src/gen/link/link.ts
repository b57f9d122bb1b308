import { BtfBuilder } from '../../btf/encode.js';
import type { BtfType } from '../../btf/types.js';
import { ParseError } from '../../bytes/cursor.js';
import type { ElfSection } from '../../elf/section.js';
import { UsageError } from '../../errors.js';
import { dedupTypes } from '../dedup.js';
import { addCodeInfo } from './code-info.js';
import { type LinkInput, readInput } from './input.js';
import { LinkedSection } from './output.js';
import { addRelocations, applyMoves, type Move } from './relocations.js';
import { type Placed, SymbolMerger } from './symbols.js';
import { TypeMerger } from './types.js';
import { writeObject } from './write-elf.js';
import { writeExt } from './write-ext.js';

/** An object file that is to be linked; `what` names it in errors. */
export interface LinkSource {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** Sections that say something on the whole object, and must say the same in all. */
const COMMON = new Set(['license', 'version']);
const MAX_SECTIONS = 0xf000;
const MAX_SIZE = 0x7fffffff;

/**
 * Links object files into one: sections of the same name are put behind each other, externs become what another object defines, types are written once.
 * Debug information of other kinds is left out. What stays extern is left to the loader, or to another link. The same files in the same order give the same
 * bytes.
 *
 * @throws ParseError when a file is malformed; UsageError when there are none, or two do not go together
 */
export function linkObjects(sources: readonly LinkSource[]): Uint8Array {
  const [first] = sources;
  if (!first) throw new UsageError('there is nothing to link');
  const linker = new Linker();
  for (const { what, bytes } of sources) linker.add(readInput(bytes, what));
  return linker.finish();
}

class Linker {
  readonly #sections = new Map<string, LinkedSection>();
  readonly #common = new Map<string, Uint8Array>();
  readonly #symbols = new SymbolMerger();
  readonly #types = new TypeMerger(this.#symbols.globals, (name) => this.#sectionNamed(name));
  readonly #moves: Move[] = [];
  #first: LinkInput | undefined;

  add(input: LinkInput): void {
    this.#first ??= input;
    if (input.elf.littleEndian !== this.#first.elf.littleEndian)
      input.elf.reader.fail(5, `its byte order is not that of ${this.#first.what}`);
    const places = new Map<ElfSection, Placed>();
    for (const section of input.contents) {
      const place = this.#place(input, section);
      if (place) places.set(section, place);
    }
    const symbols = this.#symbols.add(input, (section) => places.get(section));
    this.#moves.push(...addRelocations(input, symbols, (section) => places.get(section)));
    const placeNamed = (name: string) => {
      const section = input.elf.section(name);
      return section && places.get(section);
    };
    const ids = this.#types.add(input, (name) => placeNamed(name) ?? (input.elf.section(name) ? 'left out' : undefined));
    addCodeInfo(input, placeNamed, (id) => ids.get(id) ?? input.btf!.fail(id, 'is used by code, and left out'));
  }

  finish(): Uint8Array {
    const { littleEndian } = this.#first!.elf;
    const all = [...this.#sections.values()];
    const written = all.filter(({ header }) => header !== undefined);
    const sections = written.map((section) => {
      const bytes = section.bytes();
      const moves = this.#moves.filter((move) => move.target.section === section);
      applyMoves(bytes, moves, littleEndian);
      return { section, bytes };
    });
    // As another link of the result would come across them.
    const inOrder = [...written, ...all.filter((section) => !written.includes(section))];
    return writeObject({ littleEndian, sections, symbols: this.#symbols.symbols, extra: this.#finishTypes(inOrder, littleEndian) });
  }

  /** Appends contents, but for what has to be the same in all objects. */
  #place(input: LinkInput, section: ElfSection): Placed | undefined {
    if (COMMON.has(section.name)) {
      const before = this.#common.get(section.name);
      if (before) return checkSame(input, section, before);
      this.#common.set(section.name, section.bytes);
    }
    const target = this.#sectionNamed(section.name);
    const offset = target.append(section);
    if (target.size > MAX_SIZE) section.reader.fail(section.offset, `section ${section.name} of the result gets too large`);
    return { section: target, offset };
  }

  #sectionNamed(name: string): LinkedSection {
    const known = this.#sections.get(name);
    if (known) return known;
    if (this.#sections.size > MAX_SECTIONS) throw new ParseError(name, 0, 'there are too many sections');
    const section = new LinkedSection(name);
    this.#sections.set(name, section);
    return section;
  }

  #finishTypes(sections: readonly LinkedSection[], littleEndian: boolean): { name: string; bytes: Uint8Array }[] {
    const types = [...this.#types.used(), ...sections.filter(({ hasTypes }) => hasTypes).map(datasec)];
    if (types.length === 0) return [];
    const merged = dedupTypes(types);
    const builder = new BtfBuilder({ littleEndian });
    for (const type of merged.types) builder.add(type);
    const ext = writeExt(sections, (id) => merged.ids[id]!, builder, littleEndian);
    return [{ name: '.BTF', bytes: builder.bytes() }, ...(ext ? [{ name: '.BTF.ext', bytes: ext }] : [])];
  }
}

function checkSame({ what }: LinkInput, section: ElfSection, before: Uint8Array): undefined {
  const { bytes, name } = section;
  const same = bytes.length === before.length && bytes.every((byte, i) => byte === before[i]);
  if (!same) throw new UsageError(`${what}: its section ${name} is not the same as in the objects before it`);
}

/** In the order of their places; what only types speak of stays in the order in which it came up. */
function datasec(section: LinkedSection): BtfType {
  const entries = section.entries.filter(({ gone }) => !gone).map(({ typeId, offset, size }) => ({ type: typeId, offset, size }));
  return { kind: 'DATASEC', name: section.name, size: section.size, entries: entries.sort((a, b) => a.offset - b.offset) };
}
