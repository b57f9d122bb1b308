// The kinds of things that stand at a place of a command line, and what is wrong with each of them.

/** Words that stand at a place, and what is to be said of them. */
export type Bad = readonly [words: string[], sentence: RegExp];

export interface Values {
  readonly good: readonly string[];
  readonly bad: readonly Bad[];
}

export const NO_FILE = /no such file or directory|there is no |there is nothing at/;
/** What is wrong with `id N`; `none` is what is said of one that is not there. */
export const id = (none: RegExp): Bad[] => [
  [['id'], /missing|is no id|with id [12]$/],
  [['id', 'x'], /'x' is no id/],
  [['id', '-1'], /'-1' is no id/],
  [['id', '4294967296'], /'4294967296' is no id/],
  [['id', '4294967295'], none],
  [['nosuch', '1'], /expected .*, got 'nosuch'/],
];
/** What is wrong with `pinned FILE`. */
export const pinned: Bad[] = [
  [['pinned'], /missing|there is nothing at|is not on a BPF file system/],
  [['pinned', '/nonexistent/pin'], NO_FILE],
  [['pinned', '/etc/hostname'], /\/etc\/hostname/],
  [['pinned', ''], /./],
];
/** What is wrong with a number below `most`. */
export const number = (most: string): Bad[] => [
  [['x'], /'x'/],
  [['-1'], /'?-1'?/],
  [[most], new RegExp(most)],
];

/** Where something else may be found out before. */
export function alsoSaying({ good, bad }: Values, sentence: string): Values {
  return { good, bad: bad.map(([words, known]) => [words, new RegExp(`${known.source}|${sentence}`)]) };
}
