/**
 * Text on one line, cut into pieces of at most `width` characters; at a blank, comma or slash where one is near the end of a piece, or else between the
 * words of a name.
 */
export function fold(text: string, width: number): string[] {
  const characters = [...text];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const end = at + width >= characters.length ? characters.length : breakBefore(characters, at, width);
    pieces.push(characters.slice(at, end).join('').trimEnd());
    at = characters[end] === ' ' ? end + 1 : end;
  }
  return pieces.length === 0 ? [''] : pieces;
}

/** Where the next piece begins: behind the last separator of the piece's second half, or where the width ends. */
function breakBefore(characters: readonly string[], at: number, width: number): number {
  for (const separators of SEPARATORS)
    for (let end = at + width; end > at + width / 2; end--) if (separators.includes(characters[end - 1]!)) return end;
  return at + width;
}

/** The better ones first. */
const SEPARATORS = [' ,/', '_-.:+'] as const;

/**
 * Lines of text no longer than `width`, where they can be broken at blanks. What continues a line stands below its last column: behind the first two blanks
 * in it, or what is to be explained (`Error: `, `WORD := `), or else four further than where it begins; that of a paragraph at the margin.
 */
export function foldLines(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => hanging(line, width))
    .join('\n');
}

function hanging(line: string, width: number): string {
  if (line.length <= width) return line;
  const [, margin = '', column = ''] = /^( *)((?:Error|Usage): |\w+ := |\S.*? {2,}(?=\S))?/.exec(line)!;
  const begin = margin.length + column.length;
  const indent = column === '' && begin > 0 ? begin + 4 : begin;
  const lines: string[] = [];
  let rest = line;
  for (let start = 0; start + rest.length > width; start = indent) {
    // A word that is longer than the line stays whole, as a path or grammar would be of no use in pieces.
    const room = rest.lastIndexOf(' ', width - start);
    const end = room > (start === 0 ? begin : 0) ? room : rest.indexOf(' ', Math.max(width - start, 1));
    if (end < 0) break;
    lines.push(`${' '.repeat(start)}${rest.slice(0, end).trimEnd()}`);
    rest = rest.slice(end).trimStart();
  }
  return [...lines, `${' '.repeat(lines.length === 0 ? 0 : indent)}${rest}`].join('\n');
}
