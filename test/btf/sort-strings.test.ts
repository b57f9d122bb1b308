import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringPlaces } from '../../src/btf/sort-strings.js';

/** The same numbers in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 8;
  };
}

/** Names as C has them: with beginnings in common, some of them the whole of another one's beginning, some twice. */
function namesLike(count: number): string[] {
  const next = numbers(count);
  const beginnings = ['', 'b', 'bpf_', 'trace_event_raw_', 'trace_event_', '__probestub_', '\xe9\xff'];
  return Array.from({ length: count }, () => `${beginnings[next() % beginnings.length]}${(next() % count).toString(36)}`);
}

/** The names, NUL-terminated, each once; and where each of them begins. */
function sectionOf(names: readonly string[]): { strings: Uint8Array; offsets: Uint32Array } {
  const places = new Map<string, number>();
  let text = '';
  for (const name of names) {
    if (places.has(name)) continue;
    places.set(name, text.length);
    text += `${name}\0`;
  }
  return { strings: Buffer.from(text, 'latin1'), offsets: Uint32Array.from(names, (name) => places.get(name)!) };
}

for (const count of [0, 1, 20, 3_000, 70_000])
  test(`places of ${count} strings are those of their bytes in order`, () => {
    const names = namesLike(count);
    const { strings, offsets } = sectionOf(names);
    const inOrder = [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')));
    const expected = new Map(inOrder.map((name, place) => [name, place]));
    assert.deepEqual(
      [...stringPlaces(offsets, strings, () => {})],
      names.map((name) => expected.get(name)),
    );
  });

test('equal strings at different offsets have the same place', () => {
  const strings = Buffer.from(`${'same_name\0'.repeat(40)}other\0`);
  const offsets = Uint32Array.from({ length: 41 }, (_, i) => i * 10);
  assert.deepEqual([...stringPlaces(offsets, strings, () => {})], [...Array<number>(40).fill(1), 0]);
});

test('of one long string that is named often, little is looked at', () => {
  const strings = Buffer.from(`${'x'.repeat(100_000)}\0`);
  let looked = 0;
  const places = stringPlaces(new Uint32Array(5_000), strings, (bytes) => {
    looked += bytes;
  });
  assert.deepEqual(new Set(places), new Set([0]));
  assert.ok(looked < 100_000, `${looked} bytes`);
});
