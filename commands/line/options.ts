import { UsageError } from '../../src/errors.js';
import type { Options, OwnOption, Subcommand } from '../command.js';
import type { Parsed } from './option-parser.js';

/** Options that every command takes, anywhere on the line, with their meaning. */
export const GLOBAL_OPTIONS: readonly OwnOption[] = [
  { flags: '-j, --json', summary: 'JSON output' },
  { flags: '-p, --pretty', summary: 'JSON output over several lines' },
  { flags: '--ndjson', summary: 'JSON output, one value a line as it comes' },
  { flags: '-d, --debug', summary: 'more detail on stderr: the whole verifier log, the stack of an error' },
  { flags: '-f, --bpffs', summary: 'show the paths that objects are pinned at' },
  { flags: '-m, --mapcompat', summary: 'take map definitions with unknown attributes' },
  { flags: '-n, --nomount', summary: 'never mount a file system' },
  { flags: '-B, --base-btf <file>', summary: 'the BTF that a split BTF continues' },
  { flags: '-L, --use-loader', summary: 'prog load, gen skeleton: load the object by a program made for it, which runs in the kernel' },
  { flags: '-S, --sign', summary: 'with -k and -i: as -L, and sign that program' },
  { flags: '-k, --private-key <file>', summary: 'the private key to sign with, in PEM' },
  { flags: '-i, --certificate <file>', summary: 'its certificate, X.509 in PEM or DER' },
  { flags: '--plain', summary: 'plain text on a terminal too' },
  { flags: '--no-color', summary: 'no colours on a terminal' },
  { flags: '-h, --help', summary: 'help on what is named' },
  { flags: '-V, --version', summary: 'the version' },
];

/** Options that every list takes: a subcommand that is also called `list`. */
export const LIST_OPTIONS: readonly OwnOption[] = [
  {
    flags: '--filter <condition>',
    summary: 'only what it is true of: KEY=GLOB, KEY!=GLOB, KEY>N, KEY>=N, KEY<N, KEY<=N; several have to be true together',
    repeat: true,
  },
  { flags: '--sort <keys>', summary: 'order by these keys, separated by commas: KEY ascending, -KEY or KEY:desc descending' },
  {
    flags: '--columns <keys>',
    summary: 'show these keys; into a pipe separated by tabs. A key is a field of the JSON output or the title of a column',
  },
];

/** Whether a subcommand is a list, and so takes {@link LIST_OPTIONS}. */
export function isList(subcommand: Pick<Subcommand, 'aliases'>): boolean {
  return subcommand.aliases?.includes('list') === true;
}

/** The options that a subcommand takes besides the global ones. */
export function ownOptions(subcommand: Pick<Subcommand, 'aliases' | 'options'>): readonly OwnOption[] {
  return [...(subcommand.options ?? []), ...(isList(subcommand) ? LIST_OPTIONS : [])];
}

/** What only the root command asks for: it decides the form of output and what is run. */
export interface RootOptions {
  readonly plain: boolean;
  readonly color: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** A command line split up: `words` up to the first option that is not global, `rest` from there. */
export interface Line {
  readonly words: string[];
  readonly rest: string[];
  readonly options: Omit<Options, 'own'>;
  readonly root: RootOptions;
  /** What stood behind `--`; `words` or `rest` end with it too. */
  readonly behind?: readonly string[];
}

/** Takes the global options out of a command line, wherever they stand. */
export async function takeGlobalOptions(args: readonly string[]): Promise<Line> {
  const { given, operands, unknown } = await parse('bpf-ts', GLOBAL_OPTIONS, withSortKeys(args));
  const is = (name: string) => given[name] === true;
  const baseBtf = given.baseBtf as string | undefined;
  return {
    words: operands,
    rest: unknown,
    options: {
      json: is('json') || is('pretty') || is('ndjson'),
      pretty: is('pretty'),
      debug: is('debug'),
      bpffs: is('bpffs'),
      mapcompat: is('mapcompat'),
      nomount: is('nomount'),
      ...(is('ndjson') ? { ndjson: true } : {}),
      ...(baseBtf === undefined ? {} : { baseBtf }),
      ...(is('useLoader') || is('sign') ? { useLoader: true } : {}),
      ...signing(is('sign'), given.privateKey, given.certificate),
    },
    root: { plain: is('plain'), color: given.color !== false, help: is('help'), version: is('version') },
    ...(args.includes('--') ? { behind: args.slice(args.indexOf('--') + 1) } : {}),
  };
}

/** The `-KEY` of `--sort -KEY` is no option. */
function withSortKeys(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg, i) => /^--sor?t?$/.test(arg) && /^-[^-]/.test(args[i + 1] ?? ''));
  return at < 0 ? args : [...args.slice(0, at), `--sort=${args[at + 1]}`, ...args.slice(at + 2)];
}

function signing(sign: boolean, key: unknown, certificate: unknown): Pick<Options, 'sign'> {
  if (!sign && (key !== undefined || certificate !== undefined)) throw new UsageError('-k and -i are for signing: -S has to be said too');
  if (!sign) return {};
  if (typeof key !== 'string' || typeof certificate !== 'string')
    throw new UsageError('-S needs -k PRIVATE_KEY and -i CERTIFICATE to sign with');
  return { sign: { key, certificate } };
}

/** Takes a subcommand's own options out of what is left; throws a UsageError for any other option. */
export async function takeOwnOptions(
  name: string,
  own: readonly OwnOption[],
  rest: readonly string[],
): Promise<{ words: string[]; own: Options['own'] }> {
  const { given, operands, unknown } = await parse(name, own, rest);
  if (unknown[0] !== undefined) throw new UsageError(`unrecognized option '${unknown[0]}'`);
  return { words: operands, own: given };
}

/** The parser costs a fifth of the start of Node itself, so it is loaded only when there is an option. */
async function parse(name: string, table: readonly OwnOption[], args: readonly string[]): Promise<Parsed> {
  if (!args.some((arg) => arg.startsWith('-') && arg !== '-')) return { given: {}, operands: [...args], unknown: [] };
  return (await import('./option-parser.js')).parseOptions(name, table, args);
}
