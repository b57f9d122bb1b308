import type { Btf } from '../btf/btf.js';
import { type BtfDatasec, Linkage } from '../btf/types.js';
import { SymbolBinding, SymbolType, SymbolVisibility } from '../elf/constants.js';
import type { Elf } from '../elf/elf.js';
import type { ElfSymbol } from '../elf/symbols.js';
import { BtfEditor, infoWord, Word } from './btf-editor.js';
import { nameOf } from './externs.js';
import type { RawFunction } from './functions.js';
import { KCONFIG_SECTION, KSYMS_SECTION } from './sections.js';
import type { ExternSpec } from './spec.js';

const KSYM_SIZE = 4;

/**
 * Completes the types of an object: clang leaves out what only the file knows. Data sections get their sizes and the places of their variables, externs
 * become variables (the kernel takes no others), hidden functions and variables become static.
 *
 * @throws ParseError when the types and the file do not go together
 */
export function completeBtf(
  btf: Btf,
  elf: Elf,
  symbols: readonly ElfSymbol[],
  externs: readonly ExternSpec[],
  hidden: readonly RawFunction[],
): BtfEditor {
  const editor = new BtfEditor(btf);
  const byName = new Map(externs.map((spec) => [spec.name, spec]));
  const variables = globalVariables(symbols);
  const sections = [...btf.ids('DATASEC')].map((id) => ({ id, section: btf.type(id) as BtfDatasec }));
  for (const { id, section } of sections) {
    if (section.name === KSYMS_SECTION) {
      if (externs.some(({ kind }) => kind === 'ksym')) completeKsyms(editor, id, section, byName);
    } else if (section.name === KCONFIG_SECTION) {
      if (externs.some(({ kind }) => kind === 'kconfig')) completeKconfig(editor, id, section, byName);
    } else {
      completeDataSection(editor, id, section, elf, variables);
    }
  }
  for (const { id } of sections) editor.sortEntries(id);
  for (const { name } of hidden) makeStatic(editor, name);
  return editor;
}

function globalVariables(symbols: readonly ElfSymbol[]): Map<string, ElfSymbol> {
  const variables = new Map<string, ElfSymbol>();
  for (const symbol of symbols) {
    if (symbol.type !== SymbolType.OBJECT || (symbol.binding !== SymbolBinding.GLOBAL && symbol.binding !== SymbolBinding.WEAK)) continue;
    const name = nameOf(symbol);
    if (!variables.has(name)) variables.set(name, symbol);
  }
  return variables;
}

function completeDataSection(
  editor: BtfEditor,
  id: number,
  section: BtfDatasec,
  elf: Elf,
  variables: ReadonlyMap<string, ElfSymbol>,
): void {
  const { btf } = editor;
  const incomplete = section.size === 0;
  if (incomplete) {
    const size = elf.section(section.name)?.size;
    if (!size) return btf.fail(id, `section ${section.name} is not in the file`);
    editor.setWord(id, Word.SIZE_OR_TYPE, size);
  }
  for (const [index, entry] of section.entries.entries()) {
    const variable = btf.type(entry.type);
    if (variable.kind !== 'VAR') return btf.fail(id, `section ${section.name} holds ${variable.kind}`);
    if (variable.linkage === Linkage.STATIC || variable.linkage === Linkage.EXTERN) continue;
    const symbol = variables.get(variable.name) ?? btf.fail(entry.type, `the file has no variable ${variable.name}`);
    if (incomplete) editor.setWord(id, Word.TAIL + index * 3 + 1, Math.min(symbol.value, 0xffffffff));
    if (isHidden(symbol)) editor.setWord(entry.type, Word.TAIL, Linkage.STATIC);
  }
}

function isHidden({ visibility }: ElfSymbol): boolean {
  return visibility === SymbolVisibility.HIDDEN || visibility === SymbolVisibility.INTERNAL;
}

/** Makes each kernel symbol an `int`: variables by their own type, functions by one variable that stands for all of them. */
function completeKsyms(editor: BtfEditor, id: number, section: BtfDatasec, externs: ReadonlyMap<string, ExternSpec>): void {
  const { btf } = editor;
  const int = firstInt32(btf);
  const hasFunctions = section.entries.some(({ type }) => btf.kind(type) === 'FUNC');
  const dummyName = hasFunctions ? editor.addString('dummy_ksym') : 0;
  const dummy = hasFunctions ? editor.addType([dummyName, infoWord('VAR'), int, Linkage.GLOBAL]) : 0;
  for (const [index, { type }] of section.entries.entries()) {
    const name = btf.name(type);
    if (!externs.has(name)) btf.fail(type, `the file has no extern ${name}`);
    const at = Word.TAIL + index * 3;
    if (btf.kind(type) === 'FUNC') {
      nameParameters(editor, editor.word(type, Word.SIZE_OR_TYPE), dummyName);
      editor.setWord(type, Word.INFO, infoWord('FUNC', Linkage.GLOBAL));
      editor.setWord(id, at, dummy);
    } else {
      editor.setWord(type, Word.TAIL, Linkage.GLOBAL);
      editor.setWord(type, Word.SIZE_OR_TYPE, int);
    }
    editor.setWord(id, at + 1, index * KSYM_SIZE);
    editor.setWord(id, at + 2, KSYM_SIZE);
  }
  editor.setWord(id, Word.SIZE_OR_TYPE, section.entries.length * KSYM_SIZE);
}

function firstInt32(btf: Btf): number {
  for (const id of btf.ids('INT')) {
    const type = btf.type(id);
    if (type.kind === 'INT' && type.bits === 32) return id;
  }
  return 0;
}

/** The kernel wants names for the parameters of functions that are not externs. */
function nameParameters(editor: BtfEditor, proto: number, name: number): void {
  for (let i = 0; i < editor.vlen(proto); i++) {
    const at = Word.TAIL + i * 2;
    if (editor.word(proto, at + 1) !== 0 && editor.word(proto, at) === 0) editor.setWord(proto, at, name);
  }
}

function completeKconfig(editor: BtfEditor, id: number, section: BtfDatasec, externs: ReadonlyMap<string, ExternSpec>): void {
  const { btf } = editor;
  let size = 0;
  for (const spec of externs.values()) if (spec.kind === 'kconfig') size = Math.max(size, spec.offset + spec.size);
  for (const [index, { type }] of section.entries.entries()) {
    const name = btf.name(type);
    const spec = externs.get(name);
    if (spec?.kind !== 'kconfig') return btf.fail(type, `the file has no extern ${name}`);
    editor.setWord(type, Word.TAIL, Linkage.GLOBAL);
    editor.setWord(id, Word.TAIL + index * 3 + 1, spec.offset);
  }
  editor.setWord(id, Word.SIZE_OR_TYPE, size);
}

/** A hidden function is verified with what its caller knows, as a static one is. */
function makeStatic(editor: BtfEditor, name: string): void {
  const { btf } = editor;
  const id = btf.findAll(name).find((candidate) => btf.kind(candidate) === 'FUNC' && editor.vlen(candidate) === Linkage.GLOBAL);
  if (id !== undefined) editor.setWord(id, Word.INFO, infoWord('FUNC', Linkage.STATIC));
}
