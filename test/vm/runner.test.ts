import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { HOOKS } from '../../src/hook/all.js';
import { cpio } from './cpio.js';
import { hookPage } from './hook-table.js';
import { inOrder } from './kernel.js';
import { LEFT_OUT } from './left-out.js';
import { byNumbers, releasesOf } from './series.js';
import { payloadOf } from './vmlinux.js';

test('an archive has a header, a name and contents for each file, padded to four bytes, and an end', () => {
  const archive = cpio([{ path: 'bin' }, { path: 'bin/x', contents: Buffer.from('hello'), executable: true }]);
  assert.equal(archive.length % 4, 0);
  assert.equal(archive.toString('latin1', 0, 6), '070701');
  assert.equal(archive.toString('latin1', 14, 22), '000041ed', 'a folder that all may enter');
  const second = archive.indexOf('070701', 6);
  assert.equal(archive.toString('latin1', second + 14, second + 22), '000081ed', 'a file that all may run');
  assert.equal(archive.toString('latin1', second + 54, second + 62), '00000005');
  assert.equal(archive.toString('latin1', second + 110, second + 116), 'bin/x\0');
  assert.equal(archive.toString('latin1', second + 116, second + 121), 'hello');
  assert.ok(archive.includes('TRAILER!!!\0'));
});

test('cpio reads the archive', { skip: spawnSync('cpio', ['--version']).status !== 0 && 'needs cpio' }, () => {
  const archive = cpio([{ path: 'a' }, { path: 'a/b', contents: Buffer.from('x') }]);
  assert.equal(spawnSync('cpio', ['-t', '--quiet'], { input: archive }).stdout.toString(), 'a\na/b\n');
});

test('the newest kernel of a series is the ordinary one with the highest numbers', () => {
  const packages = [
    'linux-image-6.1.0-9-amd64',
    'linux-image-6.1.0-56-amd64',
    'linux-image-6.1.0-56-rt-amd64',
    'linux-image-6.1.0-57-cloud-amd64',
    'linux-image-6.1.0-58-amd64-unsigned',
    'linux-image-6.1.0-58-amd64-dbg',
    'linux-image-6.1.0-0.deb11.52-amd64',
    'linux-image-6.1-amd64',
    'linux-image-6.12.95+deb12-amd64',
    'linux-image-6.12.117+deb12-amd64',
    'linux-image-6.12.117+deb13.1-amd64',
    'linux-image-6.12-amd64-signed-template',
    'linux-image-7.2.12+deb13-amd64',
    'linux-image-7.2.6+deb13-amd64',
    'linux-image-amd64',
  ];
  assert.equal(releasesOf('6.1', packages)[0], '6.1.0-56-amd64');
  assert.equal(releasesOf('6.12', packages)[0], '6.12.117+deb13.1-amd64');
  assert.deepEqual(releasesOf('7', packages), ['7.2.12+deb13-amd64', '7.2.6+deb13-amd64']);
  assert.deepEqual(releasesOf('5.10', packages), []);
  assert.ok(byNumbers('6.9', '6.10') < 0);
});

test('modules come behind what they need, each once', () => {
  const dependencies = [
    'fs/9p/9p.ko.xz: net/9p/9pnet.ko.xz fs/netfs/netfs.ko.xz',
    'net/9p/9pnet.ko.xz: fs/netfs/netfs.ko.xz',
    'fs/o/overlay.ko:',
    '',
  ];
  assert.deepEqual(inOrder(dependencies.join('\n'), ['9p', 'virtio_pci', 'overlay', '9pnet']), [
    'fs/netfs/netfs.ko.xz',
    'net/9p/9pnet.ko.xz',
    'fs/9p/9p.ko.xz',
    'fs/o/overlay.ko',
  ]);
});

test('the packed kernel lies behind the sectors of setup, where the header says; what is no kernel image is refused', () => {
  const image = Buffer.alloc(3 * 512);
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202);
  image[0x1f1] = 1;
  image.writeUInt32LE(16, 0x248);
  image.writeUInt32LE(4, 0x24c);
  image.write('pack', 2 * 512 + 16);
  assert.equal(payloadOf(image).toString(), 'pack');
  assert.throws(() => payloadOf(Buffer.alloc(4096)), /not a kernel image/);
});

test('the table of hooks says where each ran, in which ways, and why not elsewhere', () => {
  const note = { section: 'tcx/ingress', since: '6.6', way: 'library' } as const;
  const page = hookPage(
    [
      { release: '6.1.0-56-amd64', notes: [{ ...note, outcome: 'not supported' }] },
      { release: '6.12.117-amd64', notes: [{ ...note, outcome: 'fires' }] },
      { release: '6.18.15-amd64', notes: [{ ...note, outcome: 'not supported', reason: 'needs CONFIG_X' }] },
      { release: '7.2.13-amd64', notes: [] },
    ],
    '2026-01-02',
  );
  assert.ok(page.includes('| section | since | 6.1 | 6.12 | 6.18 | 7.2 | ways in which it ran |'));
  const row = page.split('\n').find((line) => line.startsWith('| `tcx/ingress` '))!;
  assert.match(row, /^\| `tcx\/ingress` \| 6\.6 \| no \| yes \| no \(\d+\) \| fails \| `attach\(\)` \|$/);
  assert.match(page, /\n\d+\. needs CONFIG_X\n/);
});

test('what guests leave out is there', () => {
  for (const name of Object.keys(LEFT_OUT)) assert.ok(existsSync(`test/${name}.test.ts`), name);
});

test('docs/hooks.md has a row for every section', () => {
  const page = readFileSync('docs/hooks.md', 'utf8');
  const sections = HOOKS.flatMap((hook) => hook.sections.map(({ name }) => name.replace(/\+$/, '')));
  assert.deepEqual(
    sections.filter((section) => !page.includes(`\n| \`${section}\` | `)),
    [],
  );
});
