// `npm run privileges [-- SERIES]`, as root: runs the matrix here and the settings in a virtual machine, and writes docs/privileges.md from what came of it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { COMMANDS, type Ended, missing, outcomes, SETTING_COMMANDS } from './matrix.js';
import { SETTINGS, SITUATIONS } from './situations.js';

const HEAD = `# What each command needs

Made by \`npm run privileges\`, which runs every command with less than all privileges and notes what it says is missing; "yes" means that it worked. As root, with
all capabilities, everything works. A process without capabilities is user nobody; in the columns with + it has those to the left too. The token is of a BPF file
system that delegates everything to the user namespace.

`;

const NOTES = `
- Ids are global, and so asking for them is CAP_SYS_ADMIN's: without it only what is pinned where one may read can be opened (\`pinned PATH\`).
- Loading needs CAP_BPF, tracing programs CAP_PERFMON too, networking programs CAP_NET_ADMIN too; a BPF file system that is already mounted and writable saves CAP_SYS_ADMIN.
- In a user namespace capabilities count for nothing to BPF, but for what a BPF token delegates (since 6.9; \`token show\`): loading objects.
- What a seccomp filter forbids looks to a process as if the kernel refused it; bpf-ts says that it is the filter when a call fails that nothing else refuses.
`;

const GUEST_HEAD = `
## Settings of the whole machine

In a virtual machine, since they cannot be taken back. \`kernel.unprivileged_bpf_disabled\` 0 lets everyone create maps and load socket filters and programs for packets of a
cgroup; 1 and 2 do not. A kernel that is locked down for integrity refuses programs that write to processes, one for confidentiality also those that
read kernel memory.

`;

const GUEST = fileURLToPath(new URL('guest.js', import.meta.url));
const VM = fileURLToPath(new URL('../vm/main.js', import.meta.url));

const here = await outcomes();
const { kernel, ended } = inGuest(process.argv[2] ?? '6.12');
const tables = [
  `Linux ${release()}:\n\n${table(COMMANDS, SITUATIONS.map(({ title }) => title), here)}`, // biome-ignore format: a page
  `${GUEST_HEAD}Linux ${kernel}:\n\n${table(SETTING_COMMANDS, SETTINGS.map(({ title }) => title), ended)}`, // biome-ignore format: a page
];
writeFileSync('docs/privileges.md', HEAD + tables[0] + NOTES + tables[1]);

function inGuest(series: string): { kernel: string; ended: Ended[] } {
  const command = `'${process.execPath}' ${GUEST}`;
  const { status, stdout } = spawnSync(process.execPath, [VM, series, '--command', command], { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line.startsWith('outcome '));
  if (status !== 0 || lines.length !== SETTINGS.length * SETTING_COMMANDS.length)
    throw new Error(`the guest gave no table:\n${stdout.slice(-2000)}`);
  const ended = lines.map((line) => JSON.parse(line.slice('outcome '.length)) as Ended & { kernel: string });
  return { kernel: ended[0]!.kernel, ended };
}

function table(commands: readonly (readonly string[])[], titles: readonly string[], outcomes: readonly Ended[]): string {
  const row = (first: string, rest: readonly string[]) => `| ${[first, ...rest].join(' | ')} |\n`;
  const found = (command: readonly string[], title: string) =>
    outcomes.find((each) => each.title === title && each.command.join(' ') === command.join(' '));
  return [
    row('command', titles),
    row('---', Array<string>(titles.length).fill('---')),
    ...commands.map((command) =>
      row(
        `\`${command.map((word) => word.replace(/^OBJECT:(.*)/, '$1.bpf.o').replace(/^PIN$/, 'PATH')).join(' ')}\``,
        titles.map((title) => cell(found(command, title)!)),
      ),
    ),
  ].join('');
}

function cell({ command, title, status, err }: Ended): string {
  if (status === null) throw new Error(`${command.join(' ')} did not end (${title})`);
  return status === 0 || /there is no \w+ with id/.test(err) ? 'yes' : (missing(err) ?? err.split('\n')[0]!);
}
