import { Cursor, ParseError } from '../bytes/cursor.js';
import { SymbolType } from '../elf/constants.js';
import type { ElfSection } from '../elf/section.js';
import type { ElfSymbol } from '../elf/symbols.js';
import type { PlacedMap } from './relocations.js';

/** type, key_size, value_size, max_entries, map_flags: struct bpf_map_def of libbpf before 1.0. */
const DEFINITION_SIZE = 20;

/**
 * Reads maps that are defined by records in a `maps` section, one for each symbol: what objects had before BTF. libbpf takes none of them any more.
 *
 * @throws ParseError when a record is cut off, or goes on with something that is unknown
 */
export function legacyMaps(section: ElfSection, symbols: readonly ElfSymbol[]): PlacedMap[] {
  const own = symbols.filter(
    ({ sectionIndex, type, name }) => sectionIndex === section.index && type !== SymbolType.SECTION && name !== '',
  );
  own.sort((a, b) => a.value - b.value);
  return own.map((symbol, i) => {
    const size = symbol.size || (own[i + 1]?.value ?? section.size) - symbol.value;
    return readLegacyMap(
      section,
      symbol,
      new Cursor(section.bytes, `map ${symbol.name}`, section.reader.littleEndian).slice(symbol.value, size),
    );
  });
}

function readLegacyMap(section: ElfSection, { name, value: offset }: ElfSymbol, record: Cursor): PlacedMap {
  const [type, keySize, valueSize, maxEntries, flags] = [record.u32(), record.u32(), record.u32(), record.u32(), record.u32()];
  if (record.take(record.remaining).some((byte) => byte !== 0)) {
    throw new ParseError(
      `map ${name}`,
      DEFINITION_SIZE,
      `its definition in section ${section.name} says more than type, sizes, entries and flags`,
    );
  }
  const none = { numaNode: 0, mapExtra: 0n, keyTypeId: 0, valueTypeId: 0, slots: [], autocreate: true, pinByName: false };
  const absent = { kind: undefined, inner: undefined, contents: undefined, structOps: undefined };
  return {
    spec: { ...none, ...absent, name, section: section.name, type, keySize, valueSize, maxEntries, flags },
    sectionIndex: section.index,
    offset,
  };
}
