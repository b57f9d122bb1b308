import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMaps } from '../../src/system/process-maps.js';

test('the parts of memory that files were mapped to are read, with blanks in their names', () => {
  const text = `55d3c0a00000-55d3c0a01000 r--p 00000000 fe:00 1234                       /opt/a b/tool
55d3c0a01000-55d3c0a02000 r-xp 00001000 fe:00 1234                       /opt/a b/tool
7ffc1b1d0000-7ffc1b1f1000 rw-p 00000000 00:00 0                          [stack]
7f0000000000-7f0000001000 rw-p 00000000 00:00 0
`;
  const [, code, ...more] = parseMaps(text);
  assert.deepEqual(code, { start: 0x55d3c0a01000, end: 0x55d3c0a02000, executable: true, offset: 0x1000, path: '/opt/a b/tool' });
  assert.deepEqual(more, []);
});
