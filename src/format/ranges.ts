/** Numbers in order, three and more that follow each other as a range: `3,4,7-12`. */
export function rangesText(numbers: readonly number[]): string {
  const parts: { first: number; last: number }[] = [];
  for (const each of [...numbers].sort((a, b) => a - b)) {
    const before = parts.at(-1);
    if (before && each <= before.last + 1) before.last = each;
    else parts.push({ first: each, last: each });
  }
  return parts.map(({ first, last }) => (last === first ? String(first) : `${first}${last === first + 1 ? ',' : '-'}${last}`)).join(',');
}
