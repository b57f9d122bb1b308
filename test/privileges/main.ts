// `npm run privileges`, as root: runs the matrix and writes docs/privileges.md from what came of it.
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { COMMANDS, missing, type Outcome, outcomes, SITUATIONS } from './matrix.js';

const HEAD = `# What each command needs

Made by \`npm run privileges\`, which runs every command with less than all privileges and notes what it says is missing; "yes" means that it worked. As root, with
all capabilities, everything works. A process without capabilities is user nobody; in the columns with + it has those to the left too.

`;

const NOTES = `
- Ids are global, and so asking for them is CAP_SYS_ADMIN's: without it only what is pinned where one may read can be opened (\`pinned PATH\`).
- Loading needs CAP_BPF, tracing programs CAP_PERFMON too, networking programs CAP_NET_ADMIN too; a BPF file system that is already mounted and writable saves CAP_SYS_ADMIN.
- In a user namespace capabilities count for nothing to BPF, but for what a BPF token delegates (since 6.9; \`token show\`).
- \`kernel.unprivileged_bpf_disabled\` 0 lets everyone create maps and load socket filters; 1 and 2 do not. The sentence is the same, since CAP_BPF is what helps.
`;

const cells = new Map<string, string>();
for (const outcome of await outcomes()) cells.set(key(outcome), cell(outcome));
const row = (first: string, rest: readonly string[]) => `| ${[first, ...rest].join(' | ')} |\n`;
const table = [
  row(
    'command',
    SITUATIONS.map(({ title }) => title),
  ),
  row('---', Array<string>(SITUATIONS.length).fill('---')),
  ...COMMANDS.map((command) =>
    row(
      `\`${command.map((word) => word.replace(/^OBJECT:(.*)/, '$1.bpf.o').replace(/^PIN$/, 'PATH')).join(' ')}\``,
      SITUATIONS.map((situation) => cells.get(key({ command, situation }))!),
    ),
  ),
];
writeFileSync('docs/privileges.md', `${HEAD}Linux ${release()}:\n\n${table.join('')}${NOTES}`);

function key({ command, situation }: Pick<Outcome, 'command' | 'situation'>): string {
  return `${command.join(' ')}\0${situation.title}`;
}

function cell({ status, err }: Outcome): string {
  return status === 0 || /there is no \w+ with id/.test(err) ? 'yes' : (missing(err) ?? err.split('\n')[0]!);
}
