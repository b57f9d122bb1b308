// Static probes of programs and libraries (USDT), from the notes that <sys/sdt.h> leaves in them.
import { Cursor } from '../bytes/cursor.js';
import type { Elf } from './elf.js';
import { notesIn } from './notes.js';
import { type ElfSegment, fileOffset, segments } from './segments.js';

const NT_STAPSDT = 3;

/** A place in the code at which a probe is. */
export interface UsdtSite {
  readonly provider: string;
  readonly name: string;
  /** Where it is in the file, in bytes. */
  readonly offset: number;
  /** Where it is in memory, in programs that do not choose where they lie (ET_EXEC). */
  readonly address: number;
  /** Where in the file the counter is that says how many are interested; undefined for probes without one. */
  readonly semaphore: number | undefined;
  /** Where the arguments are, in the words of the assembler: `8@%rdi -4@$7`. */
  readonly arguments: string;
}

/** All probes of a file, in the order of its notes. @throws ParseError when the notes are malformed, or a probe is in no part of the file that is loaded */
export function usdtSites(elf: Elf): UsdtSite[] {
  const section = elf.section('.note.stapsdt');
  if (!section) return [];
  const loaded = segments(elf);
  const base = elf.section('.stapsdt.base')?.address ?? 0;
  const sites: UsdtSite[] = [];
  for (const { name, type, description } of notesIn(section.bytes, elf.littleEndian, section.what))
    if (name === 'stapsdt' && type === NT_STAPSDT)
      sites.push(readSite(new Cursor(description, section.what, elf.littleEndian), loaded, base));
  return sites;
}

// Address of the probe, of .stapsdt.base when the file was linked, of the semaphore; then three strings.
function readSite(cursor: Cursor, loaded: readonly ElfSegment[], base: number): UsdtSite {
  const [address, linkedBase, semaphore] = [cursor.u64(), cursor.u64(), cursor.u64()].map(Number) as [number, number, number];
  const [provider, name, args] = [text(cursor), text(cursor), text(cursor)];
  // Who moves a linked file (prelink) moves the section, but not what notes say.
  const moved = base !== 0 && linkedBase !== 0 ? base - linkedBase : 0;
  const place = (at: number) => fileOffset(loaded, at) ?? cursor.fail(`the probe ${provider}:${name} is not in the file`);
  return {
    provider,
    name,
    offset: place(address + moved),
    address: address + moved,
    semaphore: semaphore === 0 ? undefined : place(semaphore + moved),
    arguments: args === ':' ? '' : args,
  };
}

function text(cursor: Cursor): string {
  const end = cursor.bytes.indexOf(0, cursor.offset);
  if (end < 0) cursor.fail('a string of a probe does not end');
  const bytes = cursor.take(end - cursor.offset);
  cursor.skip(1);
  return new TextDecoder().decode(bytes);
}
