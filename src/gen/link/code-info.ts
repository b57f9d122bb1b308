import type { Btf } from '../../btf/btf.js';
import { ParseError } from '../../bytes/cursor.js';
import type { LinkInput } from './input.js';
import type { LinkedSection } from './output.js';
import type { Placed } from './symbols.js';

const INSTRUCTION_SIZE = 8;

/** Where code of the section of a name went. */
export type PlaceOf = (section: string) => Placed | undefined;

/**
 * Adds what .BTF.ext of an object says on its code to the sections that the code went into.
 *
 * @param newId ids among the merged types
 * @throws ParseError when it speaks of a section or type that is not there
 */
export function addCodeInfo(input: LinkInput, placeOf: PlaceOf, newId: (id: number) => number): void {
  const { ext, btf } = input;
  if (!ext || !btf) return;
  each(input, ext.functions, placeOf, ({ functions }, at, { instruction, typeId }) => {
    functions.push({ instruction: instruction + at, typeId: newId(typeId) });
  });
  each(input, ext.lines, placeOf, ({ lines }, at, { instruction, fileName, line, lineColumn }) => {
    lines.push({ instruction: instruction + at, file: textAt(btf, fileName), text: textAt(btf, line), lineColumn });
  });
  each(input, ext.coreRelos, placeOf, ({ coreRelos }, at, relo) => {
    coreRelos.push({ ...relo, instruction: relo.instruction + at, typeId: newId(relo.typeId) });
  });
}

function each<T>(
  { what }: LinkInput,
  bySection: ReadonlyMap<string, readonly T[]>,
  placeOf: PlaceOf,
  add: (section: LinkedSection, instruction: number, record: T) => void,
): void {
  for (const [name, records] of bySection) {
    const place = placeOf(name);
    if (!place) throw new ParseError(`${what}: .BTF.ext`, 0, `it speaks of section ${name}, which is not there`);
    for (const record of records) add(place.section, place.offset / INSTRUCTION_SIZE, record);
  }
}

function textAt(btf: Btf, offset: number): string {
  return btf.stringAt(offset);
}
