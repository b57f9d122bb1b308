import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from '../../commands/command.js';
import { expectedAfter } from '../../commands/completion/follow.js';
import { NotGrammar, parseGrammar, parseTerms } from '../../commands/completion/grammar.js';
import { OBJECTS } from '../../commands/objects.js';

const TERMS = parseTerms(['PROG := { id N | name NAME }', 'WORDS := some words, in prose', 'LONG := a |', '        b']);

function after(grammar: string, ...words: string[]): string[] {
  return expectedAfter(words, parseGrammar(grammar), TERMS).map((each) =>
    each.kind === 'keyword' ? each.text : `${each.term ?? '-'}/${each.after ?? '-'}/${each.name}`,
  );
}

test('a sequence asks for one part after the other', () => {
  assert.deepEqual(after('pin PROG FILE'), ['pin']);
  assert.deepEqual(after('pin PROG FILE', 'pin'), ['id', 'name']);
  assert.deepEqual(after('pin PROG FILE', 'pin', 'id'), ['PROG/id/N']);
  assert.deepEqual(after('pin PROG FILE', 'pin', 'id', '7'), ['-/-/FILE']);
  assert.deepEqual(after('pin PROG FILE', 'pin', 'id', '7', '/x'), []);
});

test('optional parts side by side come in any order, and may be left out', () => {
  const grammar = 'FILE [type TYPE] [map MAP]... [force] end';
  assert.deepEqual(after(grammar, 'f').sort(), ['end', 'force', 'map', 'type']);
  assert.deepEqual(after(grammar, 'f', 'map', 'm', 'type', 't').sort(), ['end', 'force', 'map', 'type']);
  assert.deepEqual(after(grammar, 'f', 'force', 'end'), []);
});

test('a word that is repeated may end at any place', () => {
  assert.deepEqual(after('key BYTE... value BYTE...', 'key', '1'), ['-/-/BYTE', 'value']);
  assert.deepEqual(after('key BYTE... value BYTE...', 'key', '1', '2', '3', 'value'), ['-/value/BYTE']);
});

test('shortened keywords are followed, and words that fit nothing lead nowhere', () => {
  assert.deepEqual(after('{ xlated | jited } PROG', 'x', 'n'), ['PROG/name/NAME']);
  assert.deepEqual(after('{ xlated | jited } PROG', 'nosuch'), []);
});

test('terms in prose are left alone, and lines that begin with blanks go on', () => {
  assert.equal(TERMS.has('WORDS'), false);
  assert.deepEqual(after('LONG'), ['a', 'b']);
});

test('text that is no grammar is said to be none', () => {
  for (const text of ['', '[', '{ a', 'a ]', 'a, b', '{ }', '| a']) assert.throws(() => parseGrammar(text), NotGrammar, text);
});

test('the grammar of every command can be read', async () => {
  for (const { name, load } of OBJECTS) {
    const { command } = await load();
    const records = 'subcommands' in command ? await Promise.all(command.subcommands.map(loaded)) : [command];
    for (const { name: sub, grammar } of records)
      if (grammar) assert.doesNotThrow(() => parseGrammar(grammar), `${name} ${sub}: ${grammar}`);
  }
});
