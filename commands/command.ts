import type { ColourName } from '../src/format/colour.js';
import type { Words } from './line/words.js';
import type { Printer } from './print/printer.js';

/** What may be said to every subcommand. Each field is one global option. */
export interface Options {
  /** `-j`: JSON on one line; also on with `-p` and `--ndjson`. */
  readonly json: boolean;
  /** `-p`: JSON over several lines. */
  readonly pretty: boolean;
  /** `--ndjson`: JSON, one value a line; wins over `-p`. */
  readonly ndjson?: boolean;
  /** `-d`: the whole verifier log, and what the loader does, on stderr; with an error its stack. */
  readonly debug: boolean;
  /** `-f`: look for the paths that objects are pinned at. */
  readonly bpffs: boolean;
  /** `-m`: take map definitions with attributes that are not known. */
  readonly mapcompat: boolean;
  /** `-n`: never mount a file system. */
  readonly nomount: boolean;
  /** `-B FILE`: the BTF that a split BTF continues. */
  readonly baseBtf?: string;
  /** `-L`, or `-S`: objects are loaded by a loader program: `prog load`, and skeletons. */
  readonly useLoader?: boolean;
  /** The words behind `--`, for subcommands that take a command of another program. */
  readonly command?: readonly string[];
  /** `-S`: loader programs are signed with the private key in the file `key` (`-k`), whose `certificate` (`-i`) the kernel is to know. */
  readonly sign?: { readonly key: string; readonly certificate: string };
  /** Options of the subcommand itself, by their long name in camel case: `--for 5s` is `own.for === '5s'`, a flag is `true`. */
  readonly own: Readonly<Record<string, string | boolean | string[] | undefined>>;
}

/** The form that output takes: for a person or a script that reads text, or JSON. */
export type Form = 'plain' | 'json' | 'pretty';

/** What a subcommand gives back. It never asks which form is wanted: the printer derives all of them from this. */
export type Output<Row> =
  /** It did something and has nothing to say: `null` in JSON, nothing in plain text. */
  | { readonly kind: 'done' }
  /** One thing: in JSON a bare value. */
  | { readonly kind: 'one'; readonly row: Row; readonly exitCode?: number }
  /** Any number of things, printed as they arrive: in JSON an array. `trailer` is a last line of the plain form. */
  | {
      readonly kind: 'list';
      readonly rows: Iterable<Row> | AsyncIterable<Row>;
      readonly trailer?: (count: number) => string;
      readonly exitCode?: number;
      /** What to say on stderr when there are no rows, but for JSON. */
      readonly none?: string;
    }
  /**
   * Finished bytes in the form that is asked for: for dumps so large that a value for each row would be felt. `depth` is the level of JSON that they
   * stand on; on level 0 they end with a line feed. A chunk holds until the next one is asked for.
   */
  | {
      readonly kind: 'stream';
      readonly chunks: (form: Form, depth: number) => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
      /** The name of the array that the rows are in, where the JSON is an object that begins with it: for `--ndjson`. */
      readonly within?: string;
      /** It goes on until it is stopped: a slow reader must not keep signals and timers from being seen. */
      readonly live?: boolean;
      readonly exitCode?: () => number;
      /** What a terminal gets in place of the plain form, as rows of the subcommand; undefined where there is nothing better. */
      readonly terminal?: () => Output<Row> | undefined | Promise<Output<Row> | undefined>;
    }
  /** Further commands, each of which prints for itself; gives the status to exit with. */
  | { readonly kind: 'commands'; readonly run: (printer: Printer) => Promise<number> };

export const done: Output<never> = { kind: 'done' };

export function one<Row>(row: Row, exitCode = 0): Output<Row> {
  return { kind: 'one', row, exitCode };
}

export function list<Row>(rows: Iterable<Row> | AsyncIterable<Row>, trailer?: (count: number) => string): Output<Row> {
  return trailer ? { kind: 'list', rows, trailer } : { kind: 'list', rows };
}

/** What is found by the pattern has the colour. */
export type Highlight = readonly [pattern: RegExp, colour: ColourName];

/** A column of the table that a terminal gets. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number | bigint | undefined;
  /** The same for a person at a terminal, where that reads better: of many rows below each other. */
  readonly terminal?: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** A name of the palette in `src/format/colour.ts`. */
  readonly colour?: ColourName;
  /** Left out of tables that are too wide, those with the highest number first; without one never. */
  readonly minor?: number;
  /** Its cells may be long: where they are, they stand below the rows. */
  readonly long?: boolean;
}

/** A part of something, as a table of its own. */
export interface TitledTable<Row = never> {
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** Gives a table its row type and then forgets it, so that tables of different rows go into one list. */
export function titledTable<Row>(title: string, columns: readonly Column<Row>[], rows: readonly Row[]): TitledTable {
  return { title, columns, rows } as unknown as TitledTable;
}

/**
 * One of several lists that a row holds, each with items of its own kind: the programs of XDP among all that is attached to interfaces. `--filter`,
 * `--sort` and `--columns` then speak of the items.
 */
export interface Part<Row, Item = never> {
  readonly name: string;
  readonly items: (row: Row) => readonly Item[];
  /** The row with other items in this part. */
  readonly withItems: (row: Row, items: readonly Item[]) => Row;
  /** An item as a JSON value. */
  readonly json: (item: Item) => unknown;
}

/** Gives a part its item type and then forgets it. */
export function part<Row, Item>(record: Part<Row, Item>): Part<Row> {
  return record as unknown as Part<Row>;
}

/** An option that only one subcommand has, in Commander's notation. */
export interface OwnOption {
  readonly flags: string;
  readonly summary: string;
  /** May be given more than once; its values come as a list. */
  readonly repeat?: boolean;
}

/** Statuses of failures that say none themselves, where they are not 255: bpftool's (docs/exit-status.md). */
export interface FailureStatus {
  /** A word is missing at the end of the line; as for `other` when this is missing. */
  readonly missing?: number;
  readonly other?: number;
}

/** A subcommand: what it is called, what it takes, what it does, and how one row of what it gives reads. */
export interface Subcommand<Row = never> {
  readonly name: string;
  /** Other names, each directly after `name` where prefixes are looked up: `list` for `show`. */
  readonly aliases?: readonly string[];
  /** One sentence without a full stop, for help. */
  readonly summary: string;
  /** What follows the name, in bpftool's notation: `PROG [{ file FILE | [opcodes] [linum] }]`. */
  readonly grammar?: string;
  /** What the words of the grammar mean, where no object says it for all its subcommands. */
  readonly terms?: readonly string[];
  readonly options?: readonly OwnOption[];
  readonly examples?: readonly string[];
  /** The words behind `--` are a command to run, not words of the grammar. */
  readonly takesCommand?: boolean;
  readonly failure?: FailureStatus;
  readonly run: (words: Words, options: Options) => Output<Row> | Promise<Output<Row>>;
  /** One row as plain text, with its last line feed. Byte for byte what bpftool prints where bpftool has the subcommand. */
  readonly plain?: (row: Row) => string;
  /** The same for a person at a terminal, where that may say more; {@link plain} when this is missing. */
  readonly terminal?: (row: Row) => string;
  /** What has a colour in that text; the patterns are global. */
  readonly highlight?: readonly Highlight[];
  /** What stands above the rows in the plain form; it gets the first one. */
  readonly heading?: (first: Row) => string;
  /** One row as a JSON value; the row itself when this is missing. bigint keeps its digits; key order is kept. */
  readonly json?: (row: Row) => unknown;
  /** Columns for a terminal; without them a terminal gets the plain text. */
  readonly columns?: readonly Column<Row>[];
  /** Tables for a terminal, of one thing that has several parts; counts before `columns`. */
  readonly tables?: (row: Row) => readonly TitledTable[];
  /** What a terminal gets below the fields of a single row: lists of what belongs to it. */
  readonly detail?: (row: Row) => readonly TitledTable[];
  /** The lists that a row consists of, where it does. */
  readonly parts?: readonly Part<Row>[];
}

/**
 * Everything that is said to one kind of object. The first subcommand is the one meant when none is named.
 * The module `commands/<object>.ts` exports it as `command`; a module whose command has no subcommands (`run FILE`) exports a
 * {@link Subcommand} as `command`. `commands/objects.ts` has a line for each of them. `help` is added by itself.
 */
export interface ObjectCommand {
  readonly name: string;
  readonly summary: string;
  /** In bpftool's order, which decides what a prefix means. */
  readonly subcommands: readonly (Subcommand | LazySubcommand)[];
  /** Without the name of a subcommand help is meant, not the first subcommand. */
  readonly bareIsHelp?: boolean;
  /** What the words in the grammar lines mean: `PROG := { id N | pinned FILE | tag TAG | name NAME }`. */
  readonly terms?: readonly string[];
}

/** A subcommand that is loaded only when it is meant: for those that need far more of the tool than the others of their object. */
export interface LazySubcommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly load: () => Promise<Subcommand>;
}

/** The record itself. */
export async function loaded(entry: Subcommand | LazySubcommand): Promise<Subcommand> {
  return 'load' in entry ? entry.load() : entry;
}

/** Gives a subcommand record its row type and then forgets it, so that records of different rows go into one list. */
export function subcommand<Row>(record: Subcommand<Row>): Subcommand {
  return record as unknown as Subcommand;
}
