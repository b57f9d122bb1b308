// Command lines made from the grammar of every command's record, so that a new command is in what is tested without being named anywhere.
import { loaded, type Subcommand } from '../../commands/command.js';
import { type Part, parseGrammar } from '../../commands/completion/grammar.js';
import { OBJECTS } from '../../commands/objects.js';

/** A command as it is typed, and its record. */
export interface NamedCommand {
  /** `prog pin` */
  readonly name: string;
  readonly record: Subcommand;
}

/** A place of a command line: a keyword, or something that has a value. */
export type Slot = Extract<Part, { kind: 'keyword' | 'value' }>;

/** All commands that there are. */
export async function allCommands(): Promise<NamedCommand[]> {
  const found: NamedCommand[] = [];
  for (const { name, load } of OBJECTS) {
    const { command } = await load();
    if (!('subcommands' in command)) found.push({ name, record: command });
    else for (const entry of command.subcommands) found.push({ name: `${name} ${entry.name}`, record: await loaded(entry) });
  }
  return found;
}

/** What a command takes: the shortest line, and one more for each thing that can be added or chosen otherwise. */
export function linesOf({ record }: NamedCommand): readonly (readonly Slot[])[] {
  return record.grammar ? variants(parseGrammar(record.grammar)) : [[]];
}

function variants(part: Part): Slot[][] {
  switch (part.kind) {
    case 'keyword':
    case 'value':
      return [[part]];
    case 'optional':
      return [[], ...variants(part.part)];
    case 'repeated':
      return variants(part.part);
    case 'choice':
      return part.parts.flatMap(variants);
    case 'sequence': {
      const each = part.parts.map(variants);
      const others = each.flatMap((lines, i) => lines.slice(1).map((line) => each.flatMap((all, k) => (k === i ? line : all[0]!))));
      return [each.flatMap((lines) => lines[0]!), ...others];
    }
  }
}

/** A line as its grammar says it. */
export function textOf(line: readonly Slot[]): string {
  return line.map((slot) => (slot.kind === 'keyword' ? slot.text : slot.name)).join(' ');
}
