import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLibraryCache } from '../../src/system/library-cache.js';

const HEADER = 48;
const ENTRY = 24;

function cacheOf(libraries: readonly (readonly [flags: number, name: string, path: string])[]): Buffer {
  const table = Buffer.alloc(HEADER + libraries.length * ENTRY);
  table.write('glibc-ld.so.cache1.1', 'latin1');
  table.writeUInt32LE(libraries.length, 20);
  let strings = '';
  const place = (text: string) => {
    const at = table.length + strings.length;
    strings += `${text}\0`;
    return at;
  };
  libraries.forEach(([flags, name, path], i) => {
    [flags, place(name), place(path)].forEach((value, j) => {
      table.writeUInt32LE(value, HEADER + i * ENTRY + j * 4);
    });
  });
  return Buffer.concat([table, Buffer.from(strings)]);
}

const CACHE = cacheOf([
  [0x0303, 'libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6'],
  [0x0003, 'libc.so.6', '/lib/i386-linux-gnu/libc.so.6'],
  [0x0a03, 'libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6'],
  [0x0303, 'libc.so.6', '/old/libc.so.6'],
]);

test('libraries of the architecture are found by name, the first of each', () => {
  assert.deepEqual([...parseLibraryCache(CACHE, 'x64')], [['libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6']]);
  assert.deepEqual([...parseLibraryCache(CACHE, 'arm64')], [['libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6']]);
});

test('a cache behind one for older releases of glibc counts from its own beginning', () => {
  const both = Buffer.concat([Buffer.from('ld.so-1.7.0\0\0\0\0\0'), CACHE]);
  assert.equal(parseLibraryCache(both, 'x64').get('libc.so.6'), '/lib/x86_64-linux-gnu/libc.so.6');
});

test('what is no cache has no libraries, and one that is cut off is refused', () => {
  assert.equal(parseLibraryCache(Buffer.from('musl'), 'x64').size, 0);
  assert.throws(() => parseLibraryCache(CACHE.subarray(0, HEADER + 10), 'x64'), /ld\.so\.cache/);
});
