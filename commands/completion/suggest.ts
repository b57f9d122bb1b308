import { loaded, type ObjectCommand, type OwnOption, type Subcommand } from '../command.js';
import { find, findEntry } from '../line/dispatch.js';
import { GLOBAL_OPTIONS, ownOptions } from '../line/options.js';
import { OBJECTS } from '../objects.js';
import { type Expected, expectedAfter } from './follow.js';
import { parseGrammar, parseTerms } from './grammar.js';
import type { Delegated, Suggestion } from './values.js';

/** What the last word of a command line can become. */
export interface Suggestions {
  readonly words: readonly Suggestion[];
  /** What the shell adds by itself. */
  readonly delegated: readonly Delegated[];
}

const NOTHING: Suggestions = { words: [], delegated: [] };

/** Suggests for the last of `words`, which may be empty; the words before it are taken as they are. Never throws. */
export async function suggest(words: readonly string[]): Promise<Suggestions> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const found = await suggestAll(before, last);
  return { ...found, words: unique(found.words.filter(({ word }) => word.startsWith(last))) };
}

async function suggestAll(before: readonly string[], last: string): Promise<Suggestions> {
  const named = withoutOptions(before, GLOBAL_OPTIONS);
  const found = await commandOf(named);
  const options = [...GLOBAL_OPTIONS, ...(found?.subcommand ? ownOptions(found.subcommand) : [])];
  const value = placeholder(before.at(-1), options);
  if (value !== undefined) return /file|path/.test(value) ? { words: [], delegated: ['files'] } : NOTHING;
  if (last.startsWith('-'))
    return wordsOnly(options.flatMap(({ flags, summary }) => names(flags).map((word) => ({ word, note: summary }))));
  if (!found && named.length > 0) return NOTHING;
  if (!found) return wordsOnly(OBJECTS.map(({ name, summary }) => ({ word: name, note: summary })));
  if (!found.subcommand) return wordsOnly(await subcommandNames(found.object!));
  return argument(found as Command & { subcommand: Subcommand }, withoutOptions(found.rest, options));
}

interface Command {
  readonly entry: string;
  readonly object?: ObjectCommand;
  /** Undefined when it has not been named yet. */
  readonly subcommand?: Subcommand;
  /** The words behind its name. */
  readonly rest: readonly string[];
}

async function commandOf([first, second, ...rest]: readonly string[]): Promise<Command | undefined> {
  const entry = first === undefined ? undefined : OBJECTS.find(({ name }) => name === findName(first));
  if (!entry) return undefined;
  const { command } = await entry.load();
  const behind = second === undefined ? [] : [second, ...rest];
  if (!('subcommands' in command)) return { entry: entry.name, subcommand: command, rest: behind };
  if (second === undefined) return { entry: entry.name, object: command, rest };
  const chosen = find(command, second);
  if (!chosen) return undefined;
  return { entry: entry.name, object: command, subcommand: await loaded(chosen), rest };
}

function findName(word: string): string | undefined {
  try {
    return findEntry(word).name;
  } catch {
    return undefined;
  }
}

async function subcommandNames(object: ObjectCommand): Promise<Suggestion[]> {
  const records = await Promise.all(object.subcommands.map(loaded));
  const words = records.flatMap(({ name, aliases = [], summary }) => [name, ...aliases].map((word) => ({ word, note: summary })));
  return [...words, { word: 'help', note: 'Show help' }];
}

async function argument(
  { entry, object, subcommand }: Command & { subcommand: Subcommand },
  rest: readonly string[],
): Promise<Suggestions> {
  if (entry === 'help') return helpTopic(rest);
  if (!subcommand.grammar) return NOTHING;
  const expected = expectedAfter(rest, parseGrammar(subcommand.grammar), parseTerms(object?.terms ?? subcommand.terms ?? []));
  const { valuesOf } = await import('./values.js');
  const words: Suggestion[] = [];
  const delegated: Delegated[] = [];
  for (const each of expected) {
    const found = each.kind === 'keyword' ? [{ word: each.text }] : valuesOf(each.name, lookups(each, entry));
    if (typeof found === 'string') delegated.push(found);
    else words.push(...found);
  }
  return { words, delegated };
}

function lookups({ term, after }: Extract<Expected, { kind: 'value' }>, entry: string): string[] {
  if (after === undefined) return [];
  return [`${term} ${after}`, `${entry} ${after}`, after];
}

async function helpTopic([object]: readonly string[]): Promise<Suggestions> {
  const found = object === undefined ? undefined : await commandOf([object]);
  if (found?.object) return wordsOnly(await subcommandNames(found.object));
  return object === undefined ? wordsOnly(OBJECTS.map(({ name, summary }) => ({ word: name, note: summary }))) : NOTHING;
}

/** `-f, --bpffs` has two names, `--for <time>` one. */
function names(flags: string): string[] {
  return flags.match(/(?<=^|[ ,])--?[a-zA-Z][\w-]*/g) ?? [];
}

/** What an option that takes a value says in its angle brackets, when `word` is such an option and has no value yet. */
function placeholder(word: string | undefined, options: readonly OwnOption[]): string | undefined {
  const option = options.find(({ flags }) => word !== undefined && names(flags).includes(word));
  return option?.flags.match(/<(.*)>/)?.[1];
}

function withoutOptions(words: readonly string[], options: readonly OwnOption[]): string[] {
  return words.filter((word, i) => !/^-./.test(word) && placeholder(words[i - 1], options) === undefined);
}

function wordsOnly(words: readonly Suggestion[]): Suggestions {
  return { words, delegated: [] };
}

function unique(words: readonly Suggestion[]): Suggestion[] {
  return [...new Map(words.map((each) => [each.word, each])).values()];
}
