import assert from 'node:assert/strict';
import { ParseError } from '../src/bytes/cursor.js';

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff];

/** Numbers below 2^32 from a seed (mulberry32), so that a failure can be run again. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** `count` damaged copies: some bytes changed, or the end cut off. */
export function* mutations(bytes: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    const copy = bytes.slice(0, next() % 16 === 0 ? next() % bytes.length : bytes.length);
    for (let changes = 1 + (next() % 4); changes > 0 && copy.length > 0; changes--) {
      copy[next() % copy.length] = next() % 2 === 0 ? INTERESTING[next() % INTERESTING.length]! : next();
    }
    yield copy;
  }
}

/** Reads every damaged copy: it may succeed or throw a ParseError, and nothing else. */
export function assertOnlyParseErrors(bytes: Uint8Array, count: number, read: (damaged: Uint8Array) => unknown): void {
  let index = 0;
  for (const damaged of mutations(bytes, count)) {
    try {
      read(damaged);
    } catch (error) {
      assert.ok(error instanceof ParseError, `copy ${index}: ${error instanceof Error ? error.stack : error}`);
    }
    index++;
  }
}
