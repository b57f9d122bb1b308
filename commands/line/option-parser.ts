import { Command, CommanderError } from 'commander';
import { UsageError } from '../../src/errors.js';
import type { OwnOption } from '../command.js';

export interface Parsed {
  /** Options that were given, by their long name in camel case. */
  readonly given: Record<string, string | boolean | string[] | undefined>;
  /** Words up to the first option that is not in the table. */
  readonly operands: string[];
  /** What is left from there on. */
  readonly unknown: string[];
}

/** Takes the options of a table out of words, wherever they stand. Throws a UsageError for one that lacks its value. */
export function parseOptions(name: string, table: readonly OwnOption[], args: readonly string[]): Parsed {
  const command = new Command(name).exitOverride().configureOutput({ writeErr: () => {} });
  for (const { flags, summary, repeat } of table) {
    if (repeat) command.option(flags, summary, (value: string, before: string[] = []) => [...before, value]);
    else command.option(flags, summary);
  }
  const known = command.options.map((option) => option.long ?? '');
  try {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const { operands, unknown } = command.parseOptions(args.map((arg, i) => (i < end ? whole(arg, known) : arg)));
    return { given: command.opts(), operands, unknown };
  } catch (error) {
    if (error instanceof CommanderError) throw new UsageError(error.message.replace(/^error: /, ''));
    throw error;
  }
}

/** getopt_long takes any beginning of a long option that is the beginning of only one: `--js` is `--json`. */
function whole(arg: string, known: readonly string[]): string {
  if (!/^--[^=]/.test(arg)) return arg;
  const [start = ''] = arg.split('=', 1);
  const matches = known.filter((long) => long.startsWith(start));
  return matches.length === 1 && !known.includes(start) ? matches[0] + arg.slice(start.length) : arg;
}
