import type { BtfBuilder } from '../../btf/encode.js';
import { BTF_MAGIC } from '../../btf/header.js';
import type { LinkedSection } from './output.js';

const HEADER_SIZE = 32;
const INSTRUCTION_SIZE = 8;

/**
 * The section .BTF.ext of the result, undefined when nothing is to be said. Strings go into `strings`.
 *
 * @param newId the final ids of types
 */
export function writeExt(
  sections: Iterable<LinkedSection>,
  newId: (id: number) => number,
  strings: BtfBuilder,
  littleEndian: boolean,
): Uint8Array | undefined {
  const all = [...sections];
  const parts = [
    part(all, strings, 2, ({ functions }) => functions.map((fn) => [fn.instruction * INSTRUCTION_SIZE, newId(fn.typeId)])),
    part(all, strings, 4, ({ lines }) =>
      lines.map((line) => [line.instruction * INSTRUCTION_SIZE, strings.string(line.file), strings.string(line.text), line.lineColumn]),
    ),
    part(all, strings, 4, ({ coreRelos }) =>
      coreRelos.map((relo) => [relo.instruction * INSTRUCTION_SIZE, newId(relo.typeId), strings.string(relo.access), relo.kind]),
    ),
  ];
  if (parts.every(({ length }) => length === 0)) return undefined;
  const view = new DataView(new ArrayBuffer(HEADER_SIZE + parts.reduce((sum, { length }) => sum + length * 4, 0)));
  view.setUint16(0, BTF_MAGIC, littleEndian);
  view.setUint8(2, 1);
  view.setUint32(4, HEADER_SIZE, littleEndian);
  let at = 0;
  for (const [index, words] of parts.entries()) {
    view.setUint32(8 + index * 8, at, littleEndian);
    view.setUint32(12 + index * 8, words.length * 4, littleEndian);
    words.forEach((word, i) => void view.setUint32(HEADER_SIZE + at + i * 4, word, littleEndian));
    at += words.length * 4;
  }
  return new Uint8Array(view.buffer);
}

/** The size of a record, then for each section its name, the number of records, and those. */
function part(
  sections: readonly LinkedSection[],
  strings: BtfBuilder,
  words: number,
  records: (section: LinkedSection) => number[][],
): number[] {
  const written = sections.flatMap((section) => {
    const found = records(section);
    return found.length === 0 ? [] : [strings.string(section.name), found.length, ...found.flat()];
  });
  return written.length === 0 ? [] : [words * 4, ...written];
}
