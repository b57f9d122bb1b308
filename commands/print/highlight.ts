import type { Highlight } from '../command.js';
import { type Look, painter } from './terminal.js';

/** Gives what the rules find in a text their colours; where two find the same, the first one has it. The text has no sequences of a terminal in it. */
export function highlighter(look: Look): (text: string, rules: readonly Highlight[]) => string {
  const paint = painter(look);
  return (text, rules) => {
    const found = rules.flatMap(([pattern, colour], rank) =>
      Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({ start: index, end: index + length, colour, rank })),
    );
    found.sort((a, b) => a.start - b.start || a.rank - b.rank);
    let [painted, at] = ['', 0];
    for (const { start, end, colour } of found) {
      if (start < at) continue;
      painted += text.slice(at, start) + paint(text.slice(start, end), colour);
      at = end;
    }
    return painted + text.slice(at);
  };
}
