/**
 * The line of source that what follows from `offset` on comes from: counted in slots for BPF instructions, in bytes for machine code.
 * Line and column count from 1; 0 is unknown.
 */
export interface SourceLine {
  readonly offset: number;
  readonly text: string | undefined;
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
}

/** What isspace() of C takes for white space goes from the start; String.trimStart would take more. */
export function trimStart(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+/, '');
}

/** The line of source as it stands above what comes from it; empty when there is none. */
export function sourceText(source: SourceLine | undefined, linum: boolean): string {
  return source?.text === undefined ? '' : `; ${trimStart(source.text)}${linum ? place(source) : ''}\n`;
}

/** The same as the first fields of a JSON object. */
export function sourceFields(source: SourceLine | undefined, linum: boolean): Record<string, unknown> {
  return {
    src: source?.text === undefined ? undefined : trimStart(source.text),
    file: linum ? source?.file : undefined,
    line_num: (linum && source?.line) || undefined,
    line_col: (linum && source?.column) || undefined,
  };
}

/** Says for rising offsets which source line begins there: the last one that does at or before the offset, each once. */
export class LineWalk {
  #next = 0;

  constructor(readonly lines: readonly SourceLine[]) {}

  at(index: number): SourceLine | undefined {
    const first = this.lines[this.#next];
    if (!first || first.offset > index) return undefined;
    let found = this.#next++;
    while (found + 1 < this.lines.length && this.lines[found + 1]!.offset <= index) found++;
    return this.lines[found];
  }
}

function place({ file, line, column }: SourceLine): string {
  return ` [file:${file ?? ''} line_num:${line} line_col:${column}]`;
}
