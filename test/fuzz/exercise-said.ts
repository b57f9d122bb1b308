// What people say: command lines, conditions, values, exported maps.

import { expectedAfter } from '../../commands/completion/follow.js';
import { NotGrammar, parseGrammar } from '../../commands/completion/grammar.js';
import { CommandReader } from '../../commands/line/command-reader.js';
import { parseCondition } from '../../commands/line/conditions.js';
import { parseOptions } from '../../commands/line/option-parser.js';
import { GLOBAL_OPTIONS, LIST_OPTIONS } from '../../commands/line/options.js';
import { parseInteger } from '../../commands/line/words.js';
import { keysIn } from '../../commands/top/screen.js';
import { parseDuration } from '../../commands/wait.js';
import type { Btf } from '../../src/btf/btf.js';
import { encodeLiteral } from '../../src/btf/literal-value.js';
import { parseLiteral } from '../../src/bytes/literal.js';
import { safeLines, safeWord } from '../../src/format/safe-text.js';
import { readExportedText, recordOf } from '../../src/map/exported-text.js';
import { attempt } from './attempt.js';

const GRAMMAR = parseGrammar('{ PROG | [map MAP]... } [{ key BYTE... | any }] [WORD...]');
const TERMS = new Map([['PROG', parseGrammar('{ id N | name NAME | BYTE... }')]]);

/** A command line, and each of its words as everything that a word can be. */
export function exerciseLine(text: string): void {
  const words = text.split(' ').slice(0, 64);
  attempt(() => parseOptions('bpf-ts', [...GLOBAL_OPTIONS, ...LIST_OPTIONS], words));
  expectedAfter(words.slice(0, 24), GRAMMAR, TERMS);
  try {
    parseGrammar(text);
  } catch (error) {
    if (!(error instanceof NotGrammar)) throw error;
  }
  for (const word of words) {
    parseInteger(word);
    attempt(() => parseDuration(word));
    attempt(() => parseCondition(word));
  }
  for (const key of keysIn(text)) if (/\p{Cc}/u.test(key)) throw new Error(`a key has a control character: ${JSON.stringify(key)}`);
  for (const safe of [safeWord(text), safeLines(text)])
    if (/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(safe)) throw new Error(`a control character gets through: ${JSON.stringify(safe)}`);
}

/** A file of commands, as far as words. What stands on a line has no line breaks in it. */
export function exerciseBatch(text: string): void {
  const reader = new CommandReader();
  attempt(() => {
    for (const line of text.split('\n'))
      for (const word of reader.add(line) ?? []) if (word.includes('\n')) throw new Error(JSON.stringify(word));
    reader.end();
  });
}

/** A value as a person writes it, for every type there is. */
export function exerciseTyped(text: string, btf: Btf): void {
  const literal = attempt(() => parseLiteral(text));
  if (!literal) return;
  for (let id = 1; id < Math.min(btf.count, 64); id++) attempt(() => encodeLiteral(btf, id, literal, 'value'));
}

/** A file that claims to be an exported map. */
export function exerciseExport(text: string): void {
  const elements = attempt(() => readExportedText(text));
  for (const [key, value] of elements ?? []) for (const part of [key, value]) attempt(() => recordOf(part));
}
