import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { failureOf } from './engine.js';
import { Guide } from './guide.js';
import type { ByteSeed } from './mutate-bytes.js';
import type { Target } from './targets.js';

/** One file for each target: its inputs, each behind its length (32 bits, little-endian), compressed together, since they are much alike. */
const FOLDER = fileURLToPath(new URL('../../../test/fuzz/corpus/found/', import.meta.url));

/** Inputs that reached something new in runs before; none when there were none. */
export function readCorpus(target: string): Uint8Array[] {
  const path = `${FOLDER}${target}.br`;
  if (!existsSync(path)) return [];
  const packed = brotliDecompressSync(readFileSync(path));
  const inputs: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += 4 + packed.readUInt32LE(at)) {
    inputs.push(new Uint8Array(packed.subarray(at + 4, at + 4 + packed.readUInt32LE(at))));
  }
  return inputs;
}

/** Keeps those of the inputs that are needed to reach every block that all of them reach, short ones first. */
export function writeCorpus(target: Target, inputs: readonly ByteSeed[]): void {
  const guide = new Guide();
  const needed = inputs
    .toSorted((a, b) => a.bytes.length - b.bytes.length)
    .filter(({ bytes }) => {
      guide.before();
      failureOf(target, bytes);
      return guide.news() === 'block';
    })
    .map(({ bytes }) => bytes);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}${target.name}.br`, packed(needed));
}

function packed(inputs: readonly Uint8Array[]): Uint8Array {
  const parts = inputs.flatMap((bytes) => [new Uint8Array(Uint32Array.of(bytes.length).buffer), bytes]);
  const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  return brotliCompressSync(Buffer.concat(parts), { params });
}
