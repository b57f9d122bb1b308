/** Does something with all items, `jobs` at a time; the results are in the items' order. */
export async function inTurn<T, R>(items: readonly T[], jobs: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return results;
}
