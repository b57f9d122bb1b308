import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

// The whole structure of the project: which room may import which. `errors` is src/errors.ts.
const MAY_IMPORT: Record<string, string> = {
  native: 'native',
  errors: '',
  bytes: '',
  kernel: '',
  elf: 'bytes',
  btf: 'bytes',
  asm: 'bytes kernel',
  hook: 'kernel',
  object: 'bytes kernel elf btf asm hook',
  'core-relo': 'bytes btf asm object',
  verifier: 'bytes kernel',
  format: 'bytes',
  gen: 'bytes kernel elf btf asm hook object core-relo',
  system: 'LIVE',
  map: 'LIVE',
  program: 'LIVE',
  link: 'LIVE',
  load: 'LIVE',
  events: 'LIVE',
  probe: 'LIVE',
  graph: 'LIVE',
  index: 'LIVE',
  commands: 'LIVE commands',
};
const PURE = 'bytes kernel elf btf asm hook object core-relo verifier format gen';
const LIVE = `native ${PURE} system map program link load events probe graph`;
// Sources only, and what a test file may never be: imported.
const ROOTS = ['src', 'native', 'commands'];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function roomOf(path: string): string {
  const [root, room] = path.replace(/\.(ts|js)$/, '').split('/');
  return root === 'src' ? room! : root!;
}

function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => normalize(join(dirname(path), match[1]!)));
}

function allowed(from: string, to: string, path: string): boolean {
  if (from === to || to === 'errors') return from !== 'native' || to === 'native';
  if (path === 'native/generate.ts') return to === 'btf';
  const rule = MAY_IMPORT[from]!.replace('LIVE', LIVE);
  // A command speaks to rooms, not to the kernel.
  return rule.split(' ').includes(to) && !(from === 'commands' && to === 'native');
}

test('every room imports only what the design lets it', () => {
  const broken: string[] = [];
  for (const path of ROOTS.flatMap(sources)) {
    assert.ok(roomOf(path) in MAY_IMPORT, `${path} is in a room that the table does not name`);
    for (const target of imports(path)) {
      if (!allowed(roomOf(path), roomOf(target), path)) broken.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('only native/ffi.ts knows the FFI library', () => {
  const knowing = ROOTS.flatMap(sources).filter((path) => /['"`](koffi|@koromix)/.test(readFileSync(path, 'utf8')));
  assert.deepEqual(knowing, ['native/ffi.ts']);
});

test('only the kernel-facing files of native make system calls', () => {
  const calling = ROOTS.flatMap(sources).filter((path) => !path.startsWith('native/') && /\/ffi\.js'/.test(readFileSync(path, 'utf8')));
  assert.deepEqual(calling, []);
});

test('the rooms do not import each other in a circle', () => {
  const edges = new Map<string, Set<string>>();
  for (const path of sources('src')) {
    const from = roomOf(path);
    const targets = edges.get(from) ?? new Set();
    for (const target of imports(path)) if (target.startsWith('src/') && roomOf(target) !== from) targets.add(roomOf(target));
    edges.set(from, targets);
  }
  const done = new Set<string>();
  const walk = (room: string, way: string[]): void => {
    assert.ok(!way.includes(room), `circle: ${[...way, room].join(' -> ')}`);
    if (done.has(room)) return;
    for (const next of edges.get(room) ?? []) walk(next, [...way, room]);
    done.add(room);
  };
  for (const room of edges.keys()) walk(room, []);
});
