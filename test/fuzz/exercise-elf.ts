import { Elf } from '../../src/elf/elf.js';
import { notesIn } from '../../src/elf/notes.js';
import { relocationsIn } from '../../src/elf/relocations.js';
import { fileOffset, segments } from '../../src/elf/segments.js';
import type { SymbolTable } from '../../src/elf/symbols.js';
import { attempt, drain } from './attempt.js';

const NOTE = 7;

/** Reads all that an ELF file has. */
export function exerciseElf(bytes: Uint8Array): void {
  const elf = Elf.parse(bytes);
  for (const section of elf.sections) {
    const contents = attempt(() => section.bytes);
    attempt(() => section.strings.at(1));
    attempt(() => drain(relocationsIn(section)));
    attempt(() => drain(elf.relocations(section)));
    attempt(() => readSymbols(elf.symbolsOf(section)));
    if (contents && section.type === NOTE) attempt(() => drain(notesIn(contents.subarray(0, 4096), elf.littleEndian)));
  }
  attempt(() => elf.symbols && readSymbols(elf.symbols));
  attempt(() => elf.dynamicSymbols && readSymbols(elf.dynamicSymbols));
  const parts = attempt(() => segments(elf)) ?? [];
  fileOffset(parts, elf.entry);
}

function readSymbols(table: SymbolTable): void {
  for (let index = 0; index < Math.min(table.count, 256); index++) attempt(() => table.at(index));
  drain(table.named('entry'));
}
