// What JSON forbids raw, and what a terminal would obey: C0, DEL, C1, marks that turn the direction of writing, and lone surrogates, which are no text.
const SPECIAL =
  /["\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SHORT: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f', '\b': '\\b', '\\': '\\\\', '"': '\\"' };

// Nearly all texts are of these alone.
const ORDINARY = /^[ !#-[\]-~]*$/;

/** Text as a JSON string: escaped where JSON or a terminal demands it, and otherwise as it is. */
export function quote(text: string): string {
  if (ORDINARY.test(text)) return `"${text}"`;
  return `"${text.replace(SPECIAL, (c) => SHORT[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}
