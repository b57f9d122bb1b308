import { UsageError } from '../src/errors.js';
import { foldLines } from '../src/format/fold.js';
import type { Schema } from '../src/format/schema.js';
import { loaded, type ObjectCommand, one, type Subcommand, subcommand } from './command.js';
import type { Page } from './help/page.js';
import { find, findEntry } from './line/dispatch.js';
import { GLOBAL_OPTIONS, ownOptions } from './line/options.js';
import { OBJECTS } from './objects.js';

/** `help [OBJECT [COMMAND]]`, also reached as `OBJECT help` and by `--help`. In JSON it is null, as bpftool's. */
export const command = subcommand<string | ManualText | SchemaText>({
  name: 'help',
  summary: 'Show help on a command',
  grammar: '[OBJECT [COMMAND]]',
  options: [
    { flags: '--as <notation>', summary: 'the manual page of an object, or of bpf-ts: man or markdown' },
    { flags: '--schema', summary: "the JSON Schema of a command's output with -j" },
  ],
  examples: ['bpf-ts help prog load', 'bpf-ts help prog --as man | man -l -', 'bpf-ts help prog show --schema'],
  run: async (words, { own }) => {
    const object = words.left > 0 ? words.next('OBJECT') : undefined;
    const name = words.left > 0 ? words.next('COMMAND') : undefined;
    words.end();
    if (own.schema === true && object === undefined) throw new UsageError('--schema is of one command: name it');
    if (own.as !== undefined) return one({ manual: await manualPage(object, name, String(own.as)) });
    if (object === undefined) return one(rootHelp());
    const entry = findEntry(object);
    const { command: found } = await entry.load();
    if (own.schema === true) return one(await schemaOf(entry.name, found, name));
    if (!('subcommands' in found)) return one(subcommandHelp(entry.name, found, []));
    if (name === undefined) return one(await objectHelp(found));
    const chosen = find(found, name);
    if (!chosen) throw new UsageError(`${entry.name} has no command '${name}'`);
    return one(subcommandHelp(`${entry.name} ${chosen.name}`, await loaded(chosen), found.terms ?? []));
  },
  plain: plainText,
  terminal: (text) => (typeof text === 'string' ? foldLines(text, process.stdout.columns ?? 80) : plainText(text)),
  highlight: [[/^[A-Z][\w ]*:(?=$| bpf-ts)/gm, 'title']],
  json: (text) => (typeof text === 'object' && 'schema' in text ? text.schema : null),
});

function plainText(text: string | ManualText | SchemaText): string {
  if (typeof text === 'string') return text;
  return 'manual' in text ? text.manual : `${JSON.stringify(text.schema, null, 2)}\n`;
}

/** A manual page, which another program lays out. */
interface ManualText {
  readonly manual: string;
}

/** A JSON Schema, as it is published. */
interface SchemaText {
  readonly schema: Schema;
}

async function schemaOf(object: string, found: ObjectCommand | Subcommand, word: string | undefined): Promise<SchemaText> {
  const chosen = 'subcommands' in found ? (word === undefined ? found.subcommands[0] : find(found, word)) : undefined;
  if ('subcommands' in found && !chosen) throw new UsageError(`${object} has no command '${word}'`);
  const name = chosen ? `${object} ${chosen.name}` : object;
  const { outputOf, publishedSchema } = await import('./schemas/all.js');
  const output = await outputOf(name);
  if (output?.kind === 'text')
    throw new UsageError(`${name} prints ${output.language} in every form of output, so that there is no schema`);
  if (!output) throw new UsageError(`there is no schema of what ${name} prints`);
  return { schema: publishedSchema(name, output)! };
}

const NOTATIONS = {
  man: async (page: Page) => (await import('./help/man.js')).man(page, (await import('./version.js')).toolVersion()),
  markdown: async (page: Page) => (await import('./help/markdown.js')).markdown(page),
};

async function manualPage(object: string | undefined, name: string | undefined, notation: string): Promise<string> {
  if (name !== undefined) throw new UsageError('a manual page is of a whole object: leave out the command');
  const write = NOTATIONS[notation as keyof typeof NOTATIONS];
  if (!write) throw new UsageError(`--as takes ${Object.keys(NOTATIONS).join(' or ')}, not '${notation}'`);
  const { objectPage, rootPage } = await import('./help/page.js');
  return write(object === undefined ? rootPage() : await objectPage(findEntry(object)));
}

function rootHelp(): string {
  return sections(
    'Usage: bpf-ts [OPTIONS] OBJECT { COMMAND | help }',
    titled(
      'Objects and commands',
      OBJECTS.map(({ name, summary }) => [name, summary]),
    ),
    options(GLOBAL_OPTIONS),
    'Words and long options may be shortened; options may stand anywhere. `bpf-ts help prog load` tells about one command.',
  );
}

async function objectHelp(object: ObjectCommand): Promise<string> {
  const rows = (await Promise.all(object.subcommands.map(loaded))).map((each): [string, string] => [
    `${object.name} ${choices(each)} ${each.grammar ?? ''}`.trimEnd(),
    each.summary,
  ]);
  return sections(`${object.summary}.`, stacked('Usage: bpf-ts ...', rows), terms(object.terms ?? []), options(GLOBAL_OPTIONS));
}

function subcommandHelp(name: string, each: Subcommand, known: readonly string[]): string {
  const own = ownOptions(each);
  return sections(
    wrapped(`Usage: bpf-ts ${name}${each.grammar ? ` ${each.grammar}` : ''}`, 0),
    `${each.summary}.${each.aliases?.length ? ` Also called ${each.aliases.join(', ')}.` : ''}`,
    terms(termsIn(each.grammar ?? '', known)),
    own.length > 0 ? options(own) : '',
    each.examples?.length ? `Examples:\n${each.examples.map((example) => `  ${example}`).join('\n')}` : '',
  );
}

function choices(each: Subcommand): string {
  return each.aliases?.length ? `{ ${[each.name, ...each.aliases].join(' | ')} }` : each.name;
}

/** The terms that a grammar speaks of, and those that they speak of, in the order in which they are known; each with the lines that continue it. */
function termsIn(grammar: string, lines: readonly string[]): readonly string[] {
  const known = lines.join('\n').split(/\n(?! )/);
  const words = new Set(grammar.match(/\w+/g));
  const meant = new Set<string>();
  for (let before = -1; before < meant.size; ) {
    before = meant.size;
    for (const term of known) {
      if (meant.has(term) || !words.has(term.split(' ', 1)[0]!)) continue;
      meant.add(term);
      for (const word of term.match(/\w+/g) ?? []) words.add(word);
    }
  }
  return known.filter((term) => meant.has(term));
}

function terms(list: readonly string[]): string {
  return list.length === 0 ? '' : list.map((term) => `  ${term.replaceAll('\n', '\n  ')}`).join('\n');
}

function options(table: readonly { flags: string; summary: string }[]): string {
  return titled(
    'Options',
    table.map(({ flags, summary }) => [flags, summary]),
  );
}

function titled(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join('\n');
}

/** For left sides too long to stand beside what they mean. */
function stacked(title: string, rows: readonly (readonly [string, string])[]): string {
  return [title, ...rows.map(([left, right]) => `  ${wrapped(left, 2)}\n      ${right}`)].join('\n');
}

const WIDTH = 80;
const CONTINUED = 10;

/** A grammar in lines that begin with something in brackets; the first one stands behind `indent` blanks. */
function wrapped(grammar: string, indent: number): string {
  const lines: string[] = [];
  for (const part of grammar.split(/ (?=\[)/)) {
    const line = lines.at(-1);
    const start = lines.length > 1 ? CONTINUED : indent;
    if (line !== undefined && start + line.length + 1 + part.length <= WIDTH) lines[lines.length - 1] = `${line} ${part}`;
    else lines.push(part);
  }
  return lines.join(`\n${' '.repeat(CONTINUED)}`);
}

function sections(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
