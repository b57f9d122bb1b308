import { foldLines } from '../../src/format/fold.js';
import type { Highlight } from '../command.js';
import { highlighter } from './highlight.js';
import type { Look } from './terminal.js';

const LOG = /^The end of the verifier log/m;

const COLOURS: readonly Highlight[] = [
  [/^Error:/g, 'bad'],
  [/^Usage:/gm, 'title'],
  [new RegExp(`${LOG.source}[\\s\\S]*`, 'gm'), 'dim'],
];

/** An error as a terminal shows it: its sentences in lines that end with a word, and standing out from the verifier's log, whose lines stay as they are. */
export function errorText(text: string, look: Look): string {
  const log = text.search(LOG);
  const [sentences, rest] = log < 0 ? [text, ''] : [text.slice(0, log), text.slice(log)];
  return highlighter(look)(`${foldLines(sentences, look.width ?? process.stderr.columns ?? Number.POSITIVE_INFINITY)}${rest}`, COLOURS);
}
