/** Text on one line, cut into pieces of at most `width` characters; at a blank, comma or slash where one is near the end of a piece. */
export function fold(text: string, width: number): string[] {
  const characters = [...text];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const end = at + width >= characters.length ? characters.length : breakBefore(characters, at, width);
    pieces.push(characters.slice(at, end).join('').trimEnd());
    at = end;
  }
  return pieces.length === 0 ? [''] : pieces;
}

/** Where the next piece begins: behind the last separator of the piece's second half, or where the width ends. */
function breakBefore(characters: readonly string[], at: number, width: number): number {
  for (let end = at + width; end > at + width / 2; end--) {
    if (' ,/'.includes(characters[end - 1]!)) return end;
  }
  return at + width;
}
