import { UsageError } from '../../src/errors.js';
import { type FailureStatus, type LazySubcommand, loaded, type ObjectCommand, type Options, type Subcommand } from '../command.js';
import { type Entry, OBJECTS } from '../objects.js';
import { noteStatus, statusOf } from '../print/failure.js';
import type { Printer } from '../print/printer.js';
import type { readSelection } from '../print/select.js';
import { isList, type Line, ownOptions, takeOwnOptions } from './options.js';
import { GrammarError, isPrefix, MissingWord, Words } from './words.js';

/** A command line that was understood: the record to run, what names it in messages, and what it is given. */
export interface Call {
  readonly subcommand: Subcommand;
  readonly name: string;
  readonly words: Words;
  readonly options: Options;
}

/** Runs a command that was understood, prints what it gives, and gives its status. */
export async function runCall(call: Call, printer: Printer): Promise<number> {
  try {
    const select = await selectionOf(call);
    const output = await call.subcommand.run(call.words, call.options);
    if (!select) return await printer.print(call.subcommand, output);
    const selected = await select(call.name, call.subcommand, output);
    return await printer.print(selected.record, selected.output);
  } catch (error) {
    if (error instanceof GrammarError) error.usage = usageLine(call.name, call.subcommand);
    noteDefault(error, call.subcommand.failure);
    throw error;
  }
}

function noteDefault(error: unknown, failure: FailureStatus | undefined): void {
  if (failure && statusOf(error) === undefined)
    noteStatus(error, (error instanceof MissingWord ? failure.missing : undefined) ?? failure.other);
}

/** What `--filter`, `--sort` and `--columns` ask for; undefined for nothing. */
async function selectionOf({ subcommand, options: { own } }: Call): Promise<ReturnType<typeof readSelection> | undefined> {
  if (!isList(subcommand) || (own.filter ?? own.sort ?? own.columns) === undefined) return undefined;
  return (await import('../print/select.js')).readSelection(own);
}

/** `bpf-ts prog pin PROG FILE` */
export function usageLine(name: string, subcommand: Subcommand): string {
  return `bpf-ts ${name}${subcommand.grammar ? ` ${subcommand.grammar}` : ''}`;
}

/** Finds what a command line means. */
export async function understand(line: Pick<Line, 'words' | 'rest' | 'options' | 'behind'>): Promise<Call> {
  const [word = 'help', ...more] = line.words;
  const entry = findEntry(word);
  const { command } = await entry.load();
  if (!('subcommands' in command)) return call(entry.name, command, more, line);
  if (more[0] === undefined ? command.bareIsHelp : isPrefix(more[0], 'help') && !find(command, more[0]))
    return call('help', await helpCommand(), [entry.name, ...more.slice(1)], line);
  const subcommand = more[0] === undefined ? command.subcommands[0]! : find(command, more[0]);
  if (!subcommand) throw usage(`${entry.name} has no command '${more[0]}'`, `bpf-ts ${entry.name} { ${names(command).join(' | ')} }`);
  return call(`${entry.name} ${subcommand.name}`, await loaded(subcommand), more.slice(1), line);
}

async function call(
  name: string,
  subcommand: Subcommand,
  words: readonly string[],
  line: Pick<Line, 'words' | 'rest' | 'options' | 'behind'>,
): Promise<Call> {
  try {
    const { words: later, own } = await takeOwnOptions(name, ownOptions(subcommand), line.rest);
    const all = [...words, ...later];
    if (!subcommand.takesCommand || !line.behind) return { subcommand, name, words: new Words(all), options: { ...line.options, own } };
    const before = all.slice(0, all.length - line.behind.length);
    return { subcommand, name, words: new Words(before), options: { ...line.options, own, command: line.behind } };
  } catch (error) {
    if (error instanceof UsageError) error.usage = usageLine(name, subcommand);
    throw error;
  }
}

/** The first word of a command line, or a beginning of one; the first in the table that matches is meant. */
export function findEntry(word: string): Entry {
  const entry = OBJECTS.find(({ name }) => isPrefix(word, name));
  if (entry) return entry;
  throw usage(`there is no command '${word}'`, `bpf-ts [OPTIONS] { ${OBJECTS.map(({ name }) => name).join(' | ')} } ...`);
}

/** The subcommand of an object that a word means. */
export function find(command: ObjectCommand, word: string): Subcommand | LazySubcommand | undefined {
  return command.subcommands.find(({ name, aliases = [] }) => [name, ...aliases].some((each) => isPrefix(word, each)));
}

function names(command: ObjectCommand): string[] {
  return [...command.subcommands.flatMap(({ name, aliases = [] }) => [name, ...aliases]), 'help'];
}

async function helpCommand(): Promise<Subcommand> {
  return (await import('../help.js')).command;
}

function usage(message: string, line: string): UsageError {
  const error = new UsageError(message);
  error.usage = line;
  return error;
}
