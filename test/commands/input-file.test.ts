import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readFile } from '../../commands/input-file.js';
import { capture } from '../support/capture.js';
import { startTool, tool } from '../support/tool.js';

const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-input-'));
const [pipe, socket, sparse, text] = ['pipe', 'socket', 'sparse', 'text'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
  string,
];
const server = createServer();

before(async () => {
  execFileSync('mkfifo', [pipe]);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const fd = openSync(sparse, 'w');
  writeSync(fd, '\x7fELF');
  ftruncateSync(fd, 2 ** 40);
  closeSync(fd);
  writeFileSync(text, 'no object\n');
});
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What is no object file, and what is said of it. */
const NO_OBJECTS: readonly [() => string, RegExp][] = [
  [() => folder, /is a directory, not an object file/],
  [() => pipe, /is a pipe, not an object file/],
  [() => socket, /is a socket, not an object file/],
  [() => '/dev/zero', /is a device, not an object file/],
  [() => '/dev/null', /is a device, not an object file/],
  [() => sparse, /not an object file: it has more than 256 MiB/],
  [() => text, /not an ELF file/],
  [() => '/proc/self/pagemap', /not an ELF file/],
  [() => '/proc/self/status', /not an ELF file/],
  [() => join(folder, 'none'), /no such file/],
];

test('whatever else is given as an object file is refused in one sentence', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, async () => {
  const commands: [string[], number[]][] = [
    [['prog', 'load', 'X', '/sys/fs/bpf/never', '--dry-run'], [255]],
    [['prog', 'loadall', 'X', '/sys/fs/bpf/never'], [255]],
    [
      ['gen', 'skeleton', 'X'],
      [255, 95],
    ],
    [
      ['gen', 'object', join(folder, 'out'), 'X'],
      [234, 254],
    ],
  ];
  for (const [words, statuses] of commands) {
    for (const [path, said] of NO_OBJECTS) {
      const { status, err } = await capture(words.map((word) => (word === 'X' ? path() : word)));
      assert.ok(statuses.includes(status), `${words.join(' ')}: ${path()}: ${status}`);
      assert.match(err, said);
      assert.equal(err.trimEnd().split('\n').length, 1, err);
    }
  }
});

test('BTF is read from files only', { skip: process.platform !== 'linux' && 'needs Linux' }, async () => {
  for (const path of [pipe, '/dev/zero']) {
    const { status, err } = await capture(['btf', 'dump', 'file', path]);
    assert.equal(status, 251);
    assert.match(err, /not a file with BTF/);
  }
});

test('a pipe on standard input is no object file either, but data may come from one', async () => {
  const running = startTool('prog', 'load', '/dev/stdin', '/sys/fs/bpf/never', '--dry-run');
  assert.match((await running.ended).err, /is a (pipe|device|socket), not an object file/);
  const module = JSON.stringify(new URL('../../commands/input-file.js', import.meta.url).href);
  const script = `import { readFile } from ${module}; process.stdout.write(readFile('/dev/stdin', 'data'))`;
  const line = 'head -c 100000 /dev/zero | "$0" --input-type=module -e "$1"';
  const bytes = execFileSync('sh', ['-c', line, process.execPath, script]);
  assert.equal(bytes.length, 100_000);
  assert.throws(() => readFile(pipe, 'data'), /is a pipe with a name, not a file with data/);
});

test('a file is read whole, also one that says it is empty', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
  writeFileSync(text, 'y'.repeat(1_000_000));
  assert.equal(readFile(text, 'data').length, 1_000_000);
  assert.match(new TextDecoder().decode(readFile('/proc/self/mountinfo', 'data')), / \/proc /);
});

test('a batch file without lines ends at the first million characters', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, async () => {
  const { status, err } = await tool('batch', 'file', '/dev/zero');
  assert.equal(status, 255);
  assert.match(err, /\/dev\/zero is no text/);
  assert.match((await tool('batch', 'file', folder)).err, /is a directory|illegal operation/i);
});
