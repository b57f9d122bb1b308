// Makes dist/code-cache: the bundle's functions as V8 compiles them, so that a start need not. `npm run build` runs it once the bundle is there.
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import v8 from 'node:v8';
import type { Script } from 'node:vm';
import type { Streams } from '../commands/print/sink.js';
import { root } from './root.js';

interface Launcher {
  readonly Bundle: new (
    cache: undefined,
  ) => {
    readonly loaded: ReadonlyMap<string, { readonly script: Script }>;
    load(name: string): { main(args: readonly string[], streams: Streams): Promise<number> };
  };
  readonly CodeCache: { readonly path: string; readonly madeFor: string };
}

const object = (name: string) => join(root, `test/progs/${name}.bpf.o`);
// Nothing can be pinned there, so what is loaded is gone when the command has failed.
const NOWHERE = '/dev/null/nowhere';

/**
 * What is run to find out which functions are used: the commonest commands, the way that most calls of them go. What the kernel or missing rights refuse
 * here is compiled when it is used, as without a cache. Nothing is changed on this machine.
 */
const LINES: readonly (readonly string[])[] = [
  ['version'],
  ...['prog', 'map', 'link', 'btf'].map((name) => [name, 'list']),
  ...['prog', 'map', 'link', 'btf'].map((name) => ['-j', name, 'list']),
  ['net', 'list'],
  ['btf', 'dump', 'file', '/sys/kernel/btf/vmlinux', 'format', 'c'],
  ['feature', 'probe', 'kernel'],
  ...['load-core', 'load-externs', 'load-maps', 'load-data', 'load-functions'].map((name) => ['prog', 'loadall', object(name), NOWHERE]),
];

const nothing = { write: () => {}, flush: () => {} };

async function main(): Promise<void> {
  const { Bundle, CodeCache } = createRequire(import.meta.url)(join(root, 'bin/bpf-ts.js')) as Launcher;
  const bundle = new Bundle(undefined);
  // Commands with much to do choose V8's compilers, and what is compiled after that is of use only to those that chose the same.
  v8.setFlagsFromString = () => {};
  for (const line of LINES) await bundle.load('main.cjs').main(line, { out: nothing, err: nothing, isTerminal: () => false });
  const chunks: Record<string, [offset: number, length: number]> = {};
  const pieces: Buffer[] = [];
  let size = 0;
  for (const [name, { script }] of bundle.loaded) {
    const piece = script.createCachedData();
    chunks[name] = [size, piece.length];
    size += piece.length;
    pieces.push(piece);
  }
  const index = `${JSON.stringify({ madeFor: CodeCache.madeFor, size, chunks })}\n`;
  // At once or not at all: V8 does not look whether compiled code is damaged.
  writeFileSync(`${CodeCache.path}.new`, Buffer.concat([Buffer.from(index), ...pieces]));
  renameSync(`${CodeCache.path}.new`, CodeCache.path);
}

await main();
