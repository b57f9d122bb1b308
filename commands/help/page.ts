import { loaded, type ObjectCommand, type OwnOption, type Subcommand } from '../command.js';
import { ownOptions } from '../line/options.js';
import { type Entry, OBJECTS } from '../objects.js';

/** One command of a page. */
export interface PageCommand {
  /** `bpf-ts prog pin PROG FILE` */
  readonly usage: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly options: readonly OwnOption[];
  readonly examples: readonly string[];
}

/** What a manual page tells, before it is written in any notation. */
export interface Page {
  /** `bpf-ts-prog` */
  readonly title: string;
  readonly summary: string;
  readonly commands: readonly PageCommand[];
  /** What the words in capitals mean, one line or several for each. */
  readonly terms: readonly string[];
  /** Titles of the pages beside this one. */
  readonly seeAlso: readonly string[];
}

/** The page of the tool itself: its objects as commands. */
export function rootPage(): Page {
  return {
    title: 'bpf-ts',
    summary: 'Inspector and loader for eBPF',
    commands: OBJECTS.map(({ name, summary }) => ({ usage: `bpf-ts ${name} ...`, name, aliases: [], summary, options: [], examples: [] })),
    terms: [],
    seeAlso: OBJECTS.map(titleOf),
  };
}

/** The page of one object. */
export async function objectPage(entry: Entry): Promise<Page> {
  const { command } = await entry.load();
  const title = titleOf(entry);
  const seeAlso = ['bpf-ts', ...OBJECTS.map(titleOf).filter((other) => other !== title)];
  const [object, records] =
    'subcommands' in command ? [command, await Promise.all(command.subcommands.map(loaded))] : [undefined, [command]];
  return {
    title,
    summary: command.summary,
    commands: records.map((each) => pageCommand(object ? `${entry.name} ${each.name}` : entry.name, each)),
    terms: termsOf(object, records),
    seeAlso,
  };
}

function titleOf({ name }: Entry): string {
  return `bpf-ts-${name.replaceAll('_', '-')}`;
}

function pageCommand(name: string, record: Subcommand): PageCommand {
  const { grammar, aliases = [], summary, examples = [] } = record;
  return { usage: `bpf-ts ${name}${grammar ? ` ${grammar}` : ''}`, name, aliases, summary, options: ownOptions(record), examples };
}

function termsOf(object: ObjectCommand | undefined, records: readonly Subcommand[]): readonly string[] {
  return object?.terms ?? records.flatMap(({ terms = [] }) => terms);
}
