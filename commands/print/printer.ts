import { json, lineBreak } from '../../src/format/json.js';
import { safeLines } from '../../src/format/safe-text.js';
import type { Column, Form, Output, Subcommand, TitledTable } from '../command.js';
import { isList } from '../line/options.js';
import { ClosedPipe, type Streams } from './sink.js';

/** What decides the form of output, as the command line says it. */
export interface PrinterOptions {
  readonly json?: boolean;
  readonly pretty?: boolean;
  /** JSON with one value a line. */
  readonly ndjson?: boolean;
  readonly debug?: boolean;
  /** bpftool's plain text on a terminal too. */
  readonly plain?: boolean;
  /** False: no colours on a terminal. */
  readonly color?: boolean;
}

type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;
type List = Extract<Output<unknown>, { kind: 'list' }>;
type Record<Row> = Pick<
  Subcommand<Row>,
  'aliases' | 'plain' | 'terminal' | 'highlight' | 'heading' | 'json' | 'columns' | 'tables' | 'detail'
>;

const FAILED = 255;

/** Turns what a subcommand gives into the form that was asked for. The only place that knows which one that is. */
export class Printer {
  readonly form: Form;
  readonly #table: boolean;
  readonly #terminal: boolean;
  /** Set while a JSON array is open: what an error has to close so that the whole stays JSON. */
  #open: { rows: number } | undefined;
  /** Gives the rows of a subcommand that has rules for it their colours, on a terminal. */
  #highlight: ((text: string) => string) | undefined;

  /** `depth` is the level of JSON that values are printed on: above 0 when they stand inside something larger. */
  constructor(
    readonly streams: Streams,
    readonly options: PrinterOptions = {},
    readonly depth = 0,
  ) {
    this.form = options.ndjson ? 'json' : options.pretty ? 'pretty' : options.json ? 'json' : 'plain';
    this.#terminal = streams.isTerminal('out');
    this.#table = this.form === 'plain' && !options.plain && this.#terminal;
  }

  /** Prints and gives the status to exit with. */
  async print(subcommand: Subcommand, output: Output<unknown>): Promise<number> {
    const record = subcommand as unknown as Record<unknown>;
    const { highlight } = record;
    if (highlight && this.#table) {
      const paint = (await import('./highlight.js')).highlighter(this.options);
      this.#highlight = (text) => paint(text, highlight);
    }
    switch (output.kind) {
      case 'done':
        if (this.form !== 'plain' && !this.options.ndjson) this.#value(null);
        return 0;
      case 'one':
        await this.#one(record, output.row);
        return output.exitCode ?? 0;
      case 'list':
        await this.#list(record, output);
        return output.exitCode ?? 0;
      case 'stream': {
        const forTerminal = this.#table ? await output.terminal?.() : undefined;
        if (forTerminal) return this.print(subcommand, forTerminal);
        await this.#stream(await this.#inLines(output.chunks(this.form, this.depth), output.within), output.live);
        return output.exitCode?.() ?? 0;
      }
      case 'commands':
        return output.run(this);
    }
  }

  /** Prints an error in one sentence and gives the status to exit with. */
  async fail(error: unknown): Promise<number> {
    const { explain } = await import('./explain.js');
    const { sentence, usage, detail, exitCode } = explain(error);
    if (this.form === 'plain') this.#note([`Error: ${sentence}`, usage && `Usage: ${usage}`, detail], await this.#errorShown());
    else {
      this.#error(sentence);
      this.#note([detail]);
    }
    if (this.options.debug && error instanceof Error)
      this.#note([error.stack, error.cause instanceof Error ? `caused by: ${error.cause.stack}` : undefined]);
    return exitCode ?? FAILED;
  }

  async #one(record: Record<unknown>, row: unknown): Promise<void> {
    if (this.form !== 'plain') return this.#value(record.json ? record.json(row) : row);
    if (this.#table && record.tables) return (await import('./tables.js')).printTables(this.streams.out, record.tables(row), this.options);
    if (this.#table && record.columns) return this.#record(record, record.columns, row);
    this.#text(this.#textOf(record, row));
  }

  #textOf({ plain, terminal }: Record<unknown>, row: unknown): string {
    return (this.#table && terminal ? terminal : plain)?.(row) ?? '';
  }

  async #record(record: Record<unknown>, columns: readonly Column<unknown>[], row: unknown): Promise<void> {
    const below = record.detail?.(row).filter(({ rows }) => rows.length > 0) ?? [];
    // What stands in a table of its own is not told twice.
    const fields = columns.filter(({ title }) => !below.some((table) => table.title === title));
    (await import('./terminal.js')).printRecord(this.streams.out, fields, row, this.options);
    if (below.length === 0) return;
    this.streams.out.write('\n');
    (await import('./tables.js')).printTables(this.streams.out, below, this.options);
  }

  async #list(record: Record<unknown>, { rows, trailer, none }: List): Promise<void> {
    if (this.options.ndjson) return void (await this.#each(rows, (row) => this.#value(record.json ? record.json(row) : row)));
    if (this.form !== 'plain') return this.#array(record, rows);
    const count = await (this.#table && record.tables
      ? this.#asTables(record.tables, rows)
      : this.#table && record.columns
        ? this.#asTable(record, rows)
        : this.#asLines(record, rows));
    if (trailer) this.#text(trailer(count));
    if (count === 0) this.#note([none ?? (this.#table && !trailer ? 'there is nothing to show' : undefined)]);
  }

  async #asTable(record: Record<unknown>, rows: Rows<unknown>): Promise<number> {
    const all = [];
    for await (const row of rows) all.push(row);
    (await import('./terminal.js')).printTable(this.streams.out, record.columns!, all, { ...this.options, isList: isList(record) });
    return all.length;
  }

  async #asTables(tablesOf: NonNullable<Record<unknown>['tables']>, rows: Rows<unknown>): Promise<number> {
    const all: TitledTable[][] = [];
    for await (const row of rows) all.push([...tablesOf(row)]);
    (await import('./tables.js')).printTables(this.streams.out, all.flat(), this.options);
    return all.flat().some(({ rows }) => rows.length > 0) ? all.length : 0;
  }

  async #asLines(record: Record<unknown>, rows: Rows<unknown>): Promise<number> {
    let { heading } = record;
    return this.#each(rows, (row) => {
      if (heading) this.#text(heading(row));
      heading = undefined;
      this.#text(this.#textOf(record, row));
    });
  }

  async #array(record: Record<unknown>, rows: Rows<unknown>): Promise<void> {
    await this.#each(rows, (row) => {
      this.beginElement();
      this.streams.out.write(json(record.json ? record.json(row) : row, this.form === 'pretty', this.depth + 1));
    });
    this.endArray();
  }

  /**
   * What stands before an element of a JSON array that is printed piece by piece. An error that comes before its end becomes its last element, or all
   * there is where there was none.
   */
  beginElement(): void {
    if (this.options.ndjson) return;
    this.#open ??= { rows: 0 };
    this.streams.out.write(this.#open.rows++ === 0 ? '[' : ',');
  }

  /** The end of that array, which may be empty. */
  endArray(): void {
    if (this.options.ndjson) return;
    const start = this.#open ? lineBreak(this.form === 'pretty', this.depth) : '[';
    this.#open = undefined;
    this.streams.out.write(`${start}]${this.#end}`);
  }

  /** Rows that come one by one are printed as they come: what is gathered goes out whenever the rows are waited for. */
  async #each(rows: Rows<unknown>, print: (row: unknown) => void): Promise<number> {
    let count = 0;
    if (Symbol.iterator in rows) {
      for (const row of rows) {
        print(row);
        count++;
      }
      return count;
    }
    const flusher = new LateFlush(this.streams.out);
    for await (const row of rows) {
      print(row);
      count++;
      flusher.soon();
    }
    flusher.check();
    return count;
  }

  /** JSON of a stream as one value a line, where that was asked for. */
  async #inLines(chunks: Rows<Uint8Array>, within?: string): Promise<Rows<Uint8Array>> {
    return this.options.ndjson ? (await import('./json-lines.js')).jsonLines(chunks, within) : chunks;
  }

  async #stream(chunks: Rows<Uint8Array>, live = false): Promise<void> {
    const { out } = this.streams;
    const decoder = this.#terminal ? new TextDecoder() : undefined;
    for await (const chunk of chunks) {
      const text = decoder ? Buffer.from(safeLines(decoder.decode(chunk, { stream: true }))) : chunk;
      if (live && out.writeWhenTaken) await out.writeWhenTaken(text);
      else out.write(text);
    }
  }

  #value(value: unknown): void {
    this.streams.out.write(json(value, this.form === 'pretty', this.depth) + this.#end);
  }

  #error(sentence: string): void {
    if (!this.#open) return this.#value({ error: sentence });
    this.beginElement();
    this.streams.out.write(json({ error: sentence }, this.form === 'pretty', this.depth + 1));
    this.endArray();
  }

  get #end(): string {
    return this.depth === 0 ? '\n' : '';
  }

  #text(text: string): void {
    const safe = this.#terminal ? safeLines(text) : text;
    this.streams.out.write(this.#highlight?.(safe) ?? safe);
  }

  /** How an error reads where a person sees it at once. */
  async #errorShown(): Promise<((text: string) => string) | undefined> {
    if (this.options.plain || !this.streams.isTerminal('err')) return undefined;
    const { errorText } = await import('./error-text.js');
    return (text) => errorText(text, this.options);
  }

  #note(lines: readonly (string | undefined)[], shown = (text: string) => text): void {
    this.streams.out.flush();
    const text = lines.filter((line) => line !== undefined && line !== '').join('\n');
    if (text === '') return;
    // Also into a pipe or file: what is read there is mostly shown on a terminal later, and no program parses it.
    this.streams.err.write(`${shown(safeLines(text))}\n`);
    this.streams.err.flush();
  }
}

/** Flushes once the rows have to be waited for; an error of that late write is thrown with the next row. */
class LateFlush {
  #planned = false;
  #error: unknown;

  constructor(readonly out: Streams['out']) {}

  soon(): void {
    this.check();
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => this.#flush());
  }

  check(): void {
    if (this.#error) throw this.#error;
  }

  #flush(): void {
    this.#planned = false;
    try {
      this.out.flush();
    } catch (error) {
      this.#error = error instanceof Error ? error : new ClosedPipe(String(error));
    }
  }
}
