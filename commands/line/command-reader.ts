import { UsageError } from '../../src/errors.js';

/** Reads a file of commands line by line: `#` starts a comment, a backslash at the end continues the line, empty lines are no commands. */
export class CommandReader {
  readonly #begun: string[] = [];
  #number = 0;

  /** The words of the command that the line ends; undefined when it is empty, or is continued. @throws UsageError when a quote has no end */
  add(line: string): string[] | undefined {
    this.#number += 1;
    const text = line.split('#', 1)[0]!;
    // Joined once: a line that goes on for a hundred thousand lines would be copied as often.
    this.#begun.push(text.endsWith('\\') ? text.slice(0, -1) : text);
    if (text.endsWith('\\')) return undefined;
    const words = splitWords(this.#begun.splice(0).join(''), this.#number);
    return words.length > 0 ? words : undefined;
  }

  /** After the last line. @throws UsageError when that is to be continued */
  end(): void {
    if (this.#begun.length > 0) throw new UsageError(`line ${this.#number} is to be continued, but the file ends there`);
  }
}

/** Words between blanks; a word that begins with a quote goes to the next such quote. */
function splitWords(text: string, line: number): string[] {
  const words: string[] = [];
  const word = /\s*(?:'([^']*)'|"([^"]*)"|(['"])|(\S+))/y;
  for (let match = word.exec(text); match; match = word.exec(text)) {
    if (match[3] !== undefined) throw new UsageError(`line ${line}: the quote ${match[3]} has no end`);
    words.push(match[1] ?? match[2] ?? match[4]!);
  }
  return words;
}
