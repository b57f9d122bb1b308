// What each command does with less than all privileges: run for real, as another user or in namespaces of its own.
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { testObjectPath } from '../support/live.js';

/** A process that lacks something: how it is started, and what it is called in the table. */
export interface Situation {
  readonly title: string;
  readonly prefix: readonly string[];
}

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

function nobodyWith(...capabilities: string[]): string[] {
  if (capabilities.length === 0) return [...NOBODY, '--inh-caps=-all', '--bounding-set=-all'];
  const list = capabilities.map((name) => `+${name}`).join(',');
  return [...NOBODY, `--inh-caps=${list}`, `--ambient-caps=${list}`];
}

export const SITUATIONS: readonly Situation[] = [
  { title: 'no capability', prefix: nobodyWith() },
  { title: 'CAP_BPF', prefix: nobodyWith('bpf') },
  { title: '+ CAP_PERFMON', prefix: nobodyWith('bpf', 'perfmon') },
  { title: '+ CAP_NET_ADMIN', prefix: nobodyWith('bpf', 'perfmon', 'net_admin') },
  { title: 'root of a user namespace', prefix: ['unshare', '-U', '-r'] },
  { title: 'root without /sys', prefix: ['unshare', '-m', 'sh', '-c', 'umount -l /sys; exec "$@"', 'sh'] },
];

/** A command line as it stands in the table, with `OBJECT` for a file of test/progs. */
export const COMMANDS: readonly (readonly string[])[] = [
  ['version'],
  ['gen', 'skeleton', 'OBJECT:hooks-net'],
  ['prog', 'load', 'OBJECT:hooks-net', '--dry-run'],
  ['btf', 'dump', 'file', '/sys/kernel/btf/vmlinux', 'root_id', '1'],
  ['prog', 'show'],
  ['prog', 'dump', 'xlated', 'id', '1'],
  ['map', 'show'],
  ['map', 'dump', 'id', '1'],
  ['map', 'create', 'PIN', 'type', 'hash', 'key', '4', 'value', '4', 'entries', '1', 'name', 'test'],
  ['link', 'show'],
  ['btf', 'show'],
  ['perf', 'show'],
  ['net', 'show'],
  ['cgroup', 'tree'],
  ['struct_ops', 'show'],
  ['token', 'show'],
  ['feature', 'probe'],
  ['feature', 'probe', 'unprivileged'],
  ['prog', 'load', 'OBJECT:hooks-net', 'PIN'],
  ['prog', 'load', 'OBJECT:hooks-probe', 'PIN'],
  ['run', 'OBJECT:hooks-trace', '--for', '10ms'],
  ['top', '--once', '--interval', '10ms'],
  ['watch', '--for', '10ms'],
  ['graph', 'prog', 'id', '1'],
  ['events', 'id', '1'],
];

/** What came of a command in a situation. */
export interface Outcome {
  readonly command: readonly string[];
  readonly situation: Situation;
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const MAIN = fileURLToPath(new URL('../support/tool-main.js', import.meta.url));
// Nobody may write there, and it is no bpffs: what gets so far is told so.
const PIN = '/sys/fs/bpf/bpf-ts-privileges';
const AT_ONCE = 4;

/** Why the matrix cannot be run here; false when it can. */
export function unable(): string | false {
  for (const { title, prefix } of SITUATIONS) {
    const [program = '', ...rest] = prefix;
    const { status, error, stderr } = spawnSync(program, [...rest, process.execPath, MAIN, 'version'], { encoding: 'utf8' });
    if (status !== 0) return `bpf-ts cannot be started with ${title}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
  }
  return false;
}

/** Runs every command in every situation, in that order of the outcomes. The files of the tool have to be readable for everyone. */
export async function outcomes(): Promise<Outcome[]> {
  const cases = COMMANDS.flatMap((command) => SITUATIONS.map((situation) => ({ command, situation })));
  const found: Outcome[] = [];
  for (let at = 0; at < cases.length; at += AT_ONCE) found.push(...(await Promise.all(cases.slice(at, at + AT_ONCE).map(outcome))));
  return found;
}

function outcome({ command, situation }: Pick<Outcome, 'command' | 'situation'>): Promise<Outcome> {
  const args = command.map((word) =>
    word.startsWith('OBJECT:') ? testObjectPath(word.slice('OBJECT:'.length)) : word === 'PIN' ? PIN : word,
  );
  const [program = '', ...prefix] = situation.prefix;
  return new Promise((resolve) => {
    const child = execFile(program, [...prefix, process.execPath, MAIN, ...args], { timeout: 60_000 }, (_, out, err) =>
      resolve({ command, situation, status: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

/** What is missing, in the words of the error: `CAP_BPF, CAP_PERFMON`, `a user namespace`, `sysfs`; undefined when the sentence does not say. */
export function missing(sentence: string): string | undefined {
  const capabilities = /needs (CAP_\w+(?:, CAP_\w+)*)/.exec(sentence)?.[1];
  if (capabilities) return capabilities;
  return REASONS.find(([words]) => words.test(sentence))?.[1];
}

const REASONS: readonly (readonly [words: RegExp, what: string])[] = [
  [/user namespace/, 'capabilities outside the user namespace'],
  [/vmlinux .*no such file/, "the kernel's BTF in /sys/kernel/btf"],
  [/is sysfs mounted/, 'sysfs'],
  [/there is no directory \/sys\/fs\/bpf/, 'a BPF file system'],
  [/is not on a BPF file system/, 'a BPF file system'],
  [/no cgroup2 file system is mounted/, 'a cgroup2 file system'],
  [/tracefs/, 'tracefs'],
];
