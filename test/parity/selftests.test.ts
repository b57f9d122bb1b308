// The kernel's own tests that drive bpftool, with each of the tools in its place: $SELFTESTS is tools/testing/selftests/bpf of a kernel's source.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { noRoot } from '../support/live.js';
import { noReference, referencePath } from '../support/reference.js';
import { TOOL } from '../support/tool.js';

const sources = process.env.SELFTESTS;
const compiler = ['clang-19', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
const skip =
  noRoot ||
  noReference ||
  (sources === undefined && "needs the kernel's selftests: name their folder in $SELFTESTS") ||
  (compiler === undefined && 'needs clang, to compile their programs');

// A network, mounts and a BPF file system of their own: what they probe and pin is nobody else's.
const ALONE = `
  awk '$3 == "bpf" { print $2 }' /proc/mounts | while read -r place; do umount -l "$place"; done
  mount -t bpf bpf /sys/fs/bpf && ip link add near type veth peer name far && exec "$@"
`;
// The script in Python looks for bpftool four folders above its own.
const BELOW = 'tools/testing/selftests/bpf';

describe("the kernel's selftests", { skip }, () => {
  const folders = new Map<string, string>();
  const folderOf = (words: readonly string[]) => {
    const key = words.join(' ');
    if (!folders.has(key)) folders.set(key, laidOut(words));
    return folders.get(key)!;
  };
  after(() => {
    for (const folder of folders.values()) rmSync(folder, { recursive: true });
  });

  test('test_bpftool.py: every case ends as with the reference', () => {
    const run = (words: readonly string[]) => {
      const { stderr } = alone(folderOf(words), ['python3', '-m', 'unittest', '-v', 'test_bpftool.TestBpftool']);
      return [...stderr.matchAll(/^(test_\w+) .*?\.\.\. (\w+)$/gm)].map(([, name, end]) => `${name}: ${end}`);
    };
    const theirs = run([referencePath!]);
    assert.ok(theirs.length >= 5, 'the cases are found');
    assert.deepEqual(run(TOOL), theirs);
  });

  test('test_bpftool_metadata.sh passes, as with the reference', () => {
    for (const words of [[referencePath!], TOOL]) {
      const { status, stdout, stderr } = alone(folderOf(words), ['sh', 'test_bpftool_metadata.sh']);
      assert.deepEqual([status, stdout], [0, 'selftests: bpftool_metadata [PASS]\n'], `${words[0]}: ${stderr}`);
    }
  });
});

/** A folder like the kernel's, in which these words run as bpftool. */
function laidOut(words: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-selftests-'));
  const [place, tools] = [join(folder, BELOW), join(folder, 'tools/bpf/bpftool')];
  for (const each of [place, tools]) mkdirSync(each, { recursive: true });
  writeFileSync(join(tools, 'bpftool'), `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  chmodSync(join(tools, 'bpftool'), 0o755);
  for (const name of ['test_bpftool.py', 'test_bpftool_metadata.sh']) copyFileSync(join(sources!, name), join(place, name));
  for (const name of ['metadata_used', 'metadata_unused']) compile(join(sources!, `progs/${name}.c`), join(place, `${name}.bpf.o`));
  return folder;
}

function compile(source: string, object: string): void {
  const headers = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const { status, stderr } = spawnSync(compiler!, ['-O2', '-g', '-target', 'bpf', `-I${headers}`, '-c', source, '-o', object], {
    encoding: 'utf8',
  });
  assert.ok(status === 0 && existsSync(object), stderr);
}

function alone(folder: string, command: readonly string[]) {
  const path = `${join(folder, 'tools/bpf/bpftool')}:${process.env.PATH}`;
  const args = ['--mount', '--net', '--propagation', 'private', 'bash', '-c', ALONE, 'alone', ...command];
  return spawnSync('unshare', args, { cwd: join(folder, BELOW), env: { ...process.env, PATH: path }, encoding: 'utf8' });
}
