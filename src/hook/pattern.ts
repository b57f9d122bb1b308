/** Whether a text is a pattern of names rather than one name. */
export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** A pattern of names, in which `*` stands for any text and `?` for one character, as a regular expression. */
export function patternOf(text: string): RegExp {
  const source = text.replace(/[\\^$.*+?()[\]{}|]/g, (c) => ({ '*': '.*', '?': '.' })[c] ?? `\\${c}`);
  return new RegExp(`^${source}$`, 's');
}
