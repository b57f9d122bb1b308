// What each command does with less than all privileges: run for real, as another user or in namespaces of its own.
import { execFile, spawnSync } from 'node:child_process';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { LAUNCHER } from '../support/bundle.js';
import { testObjectPath } from '../support/live.js';
import { SITUATIONS, type Situation } from './situations.js';

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

/** What settings of the whole machine make a difference for. */
export const SETTING_COMMANDS: readonly (readonly string[])[] = [
  ['prog', 'show'],
  ['map', 'create', 'PIN', 'type', 'hash', 'key', '4', 'value', '4', 'entries', '1', 'name', 'test'],
  ['prog', 'load', 'OBJECT:open-to-all', 'PIN'],
  ['prog', 'load', 'OBJECT:hooks-net', 'PIN'],
  ['prog', 'load', 'OBJECT:reads-kernel', 'PIN'],
  ['prog', 'load', 'OBJECT:writes-user', 'PIN'],
  ['run', 'OBJECT:hooks-trace', '--for', '10ms'],
  ['run', 'OBJECT:counts-sleeps', '--for', '10ms'],
  ['perf', 'show'],
  ['top', '--once', '--interval', '10ms'],
  ['feature', 'probe', 'unprivileged'],
];

/** How a command ended in a situation. */
export interface Ended {
  readonly command: readonly string[];
  /** Of the situation. */
  readonly title: string;
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

// As it is published: in an emulated machine its start is what takes long.
// Nobody may write there; who may has a BPF file system of its own there.
const PIN = '/sys/fs/bpf/bpf-ts-privileges';
const AT_ONCE = 4;
const POSSIBLE = SITUATIONS.filter(({ since }) => since === undefined || !isOlderThan(since));

/** Why the matrix cannot be run here; false when it can. */
export function unable(): string | false {
  for (const { title, prefix } of POSSIBLE) {
    const [program = '', ...rest] = prefix;
    const { status, error, stderr } = spawnSync(program, [...rest, process.execPath, LAUNCHER, 'version'], { encoding: 'utf8' });
    if (status !== 0) return `bpf-ts cannot be started with ${title}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
  }
  return false;
}

/** Runs every command in every situation, in that order of the outcomes. The files of the tool have to be readable for everyone. */
export async function outcomes(commands = COMMANDS, situations: readonly Situation[] = POSSIBLE): Promise<Ended[]> {
  const cases = commands.flatMap((command) => situations.map((situation) => ({ command, situation })));
  const found: Ended[] = [];
  for (let at = 0; at < cases.length; at += AT_ONCE) found.push(...(await Promise.all(cases.slice(at, at + AT_ONCE).map(outcome))));
  return found;
}

function outcome({ command, situation }: { command: readonly string[]; situation: Situation }): Promise<Ended> {
  const args = command.map((word) =>
    word.startsWith('OBJECT:') ? testObjectPath(word.slice('OBJECT:'.length)) : word === 'PIN' ? PIN : word,
  );
  const [program = '', ...prefix] = situation.prefix;
  return new Promise((resolve) => {
    const child = execFile(program, [...prefix, process.execPath, LAUNCHER, ...args], { timeout: 300_000 }, (_, out, err) =>
      resolve({ command, title: situation.title, status: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

/** What is missing, in the words of the error: `CAP_BPF, CAP_PERFMON`, `a user namespace`, `sysfs`; undefined when the sentence does not say. */
export function missing(sentence: string): string | undefined {
  const [, capabilities, value] =
    /needs (CAP_\w+(?:, CAP_\w+)*)(?:, since unprivileged BPF is off: sysctl \S+ is (\d))?/.exec(sentence) ?? [];
  if (capabilities) return value === undefined ? capabilities : `${capabilities}, or unprivileged BPF (sysctl is ${value})`;
  return REASONS.find(([words]) => words.test(sentence))?.[1];
}

const REASONS: readonly (readonly [words: RegExp, what: string])[] = [
  [/seccomp filter forbids/, 'bpf(2) in the seccomp profile'],
  [/locked down \((\w+)\)/, 'a kernel that is not locked down'],
  [/is procfs mounted/, 'procfs'],
  [/user namespace/, 'capabilities outside the user namespace'],
  [/vmlinux .*no such file/, "the kernel's BTF in /sys/kernel/btf"],
  [/is sysfs mounted/, 'sysfs'],
  [/there is no directory \/sys\/fs\/bpf/, 'a BPF file system'],
  [/is not on a BPF file system/, 'a BPF file system'],
  [/no cgroup2 file system is mounted/, 'a cgroup2 file system'],
  [/tracefs/, 'tracefs'],
];
