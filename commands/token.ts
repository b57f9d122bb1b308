import { type Delegation, delegations } from '../src/system/delegations.js';
import { type Column, list, type ObjectCommand, subcommand } from './command.js';

const COMMANDS_PER_LINE = 4;
const CELL = 20;

const KINDS = {
  allowed_cmds: ({ commands }) => commands,
  allowed_maps: ({ maps }) => maps,
  allowed_progs: ({ programs }) => programs,
  allowed_attachs: ({ attachments }) => attachments,
} as const satisfies Record<string, (delegation: Delegation) => readonly string[]>;

/** A title and below it the names, four to a line. */
function namesText(title: string, names: readonly string[]): string {
  const cells = names.map((name, i) => (i % COMMANDS_PER_LINE === 0 ? '\n\t  ' : '') + name.padEnd(CELL));
  return `\n\t${title}:${cells.join('')}`;
}

function namesColumn(title: string, names: (delegation: Delegation) => readonly string[]): Column<Delegation> {
  return { title, cell: (delegation) => names(delegation).join(' ') };
}

const show = subcommand<Delegation>({
  name: 'show',
  aliases: ['list'],
  summary: 'Show the BPF file systems that tokens can be had from, and what these allow',
  examples: ['bpf-ts token show'],
  run: (words) => {
    words.end();
    return list(delegations());
  },
  plain: (row) =>
    `token_info  ${row.path}${Object.entries(KINDS)
      .map(([title, names]) => namesText(title, names(row)))
      .join('')}\n`,
  json: (row) => ({ token_info: row.path, ...Object.fromEntries(Object.entries(KINDS).map(([key, names]) => [key, names(row)])) }),
  columns: [
    { title: 'BPF file system', cell: ({ path }) => path, colour: 'path' },
    namesColumn('Commands', KINDS.allowed_cmds),
    namesColumn('Maps', KINDS.allowed_maps),
    namesColumn('Programs', KINDS.allowed_progs),
    namesColumn('Attachments', KINDS.allowed_attachs),
  ],
});

export const command: ObjectCommand = {
  name: 'token',
  summary: 'BPF tokens: what is delegated to user namespaces',
  subcommands: [show],
};
