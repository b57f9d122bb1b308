// Control characters of C0, DEL and C1: everything a terminal might obey. Also the marks that turn the direction of writing.
const CONTROL = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const CONTROL_IN_LINES = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const NAMED: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\x1b': '\\e' };

/** Text from outside on one line of a terminal: every control character is written out, such as `\e` or `\x07`. */
export function safeWord(text: string): string {
  return text.replace(CONTROL, written);
}

/** The same for text of several lines: line feeds and tabs stay. */
export function safeLines(text: string): string {
  return text.replace(CONTROL_IN_LINES, written);
}

function written(character: string): string {
  const code = character.charCodeAt(0);
  return NAMED[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`);
}
