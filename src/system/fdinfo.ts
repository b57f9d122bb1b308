import { readFileSync } from 'node:fs';

/** The lines `name:\tvalue` of /proc/self/fdinfo for one of our own descriptors. Empty when they cannot be read. */
export function ownFdinfo(fd: number): ReadonlyMap<string, string> {
  try {
    return parseFdinfo(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
  } catch {
    return new Map();
  }
}

/** Reads the text of an fdinfo file. A name that stands several times keeps its first value. */
export function parseFdinfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
