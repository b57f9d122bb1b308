// The single executable, if `npm run package` has made one.
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXECUTABLE = join(ROOT, `out/bpf-ts-linux-${process.arch}`);
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const skip = existsSync(EXECUTABLE) ? false : 'needs out/, which `npm run package` makes';

function run(args: readonly string[], cwd = ROOT, variables = {}): SpawnSyncReturns<string> {
  return spawnSync(EXECUTABLE, args, { encoding: 'utf8', cwd, env: { ...process.env, TMPDIR: cwd, ...variables } });
}

describe('the single executable', { skip }, () => {
  test('says its version, and how a command ended', () => {
    const { status, stdout, stderr } = run(['version']);
    assert.match(stdout, new RegExp(`^bpf-ts v${version.replaceAll('.', '\\.')}\\n`));
    assert.deepEqual([status, stderr], [0, '']);
    const wrong = run(['prog', 'nosuch']);
    assert.deepEqual([wrong.status, wrong.stdout], [255, '']);
    assert.match(wrong.stderr, /^Error: prog has no command 'nosuch'\n/);
  });

  test('reads files, and has what commands take in only when they are run', () => {
    const { status, stdout } = run(['btf', 'dump', 'file', 'test/progs/load-core.bpf.o', 'format', 'c']);
    assert.equal(status, 0);
    assert.match(stdout, /struct /);
    assert.equal(run(['help', 'prog']).status, 0);
  });

  test('calls the kernel, and leaves no file behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-single-'));
    try {
      // With rights or without them the kernel answers.
      const { status, stderr } = run(['-j', 'prog', 'list'], folder);
      assert.ok(status === 0 || /not permitted|CAP_/.test(stderr), stderr);
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('takes nothing from the folder where it is run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-single-'));
    try {
      writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./other.js"]\n');
      writeFileSync(join(folder, 'other.js'), 'console.log("taken");\n');
      writeFileSync(join(folder, '.env'), 'BUN_OPTIONS="--preload ./other.js"\n');
      assert.equal(run(['version'], folder).stdout, run(['version']).stdout);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('runs nothing that a variable names, and is nothing else for any', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-single-'));
    try {
      const other = join(folder, 'other.js');
      writeFileSync(other, 'console.log("taken"); process.exit(99);\n');
      const { status, stdout, stderr } = run(['version'], folder);
      assert.equal(status, 0);
      for (const variables of [
        { BUN_OPTIONS: `--preload ${other}` },
        { BUN_OPTIONS: '-e console.log(1)' },
        { BUN_BE_BUN: '1' },
        { BUN_INSPECT: 'ws://127.0.0.1:0/', BUN_INSPECT_PRELOAD: other },
        { BUN_INSPECT_CONNECT_TO: 'ws://127.0.0.1:9/' },
        { NODE_OPTIONS: `--require ${other}` },
      ]) {
        const same = run(['version'], folder, variables);
        assert.deepEqual([same.status, same.stdout, same.stderr], [status, stdout, stderr], JSON.stringify(variables));
      }
      assert.deepEqual(readdirSync(folder), ['other.js']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('ends quietly when the reader of its output has gone', () => {
    const script = `"$0" btf dump file test/progs/load-core.bpf.o | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, EXECUTABLE], { encoding: 'utf8', cwd: ROOT });
    assert.equal(stderr, '');
    assert.match(stdout, /^(0|141)\n$/);
  });
});

test('the executable for the other architecture is one for it', { skip }, () => {
  const MACHINES = { x64: 62, arm64: 183 };
  for (const [architecture, machine] of Object.entries(MACHINES)) {
    const head = readFileSync(join(ROOT, `out/bpf-ts-linux-${architecture}`)).subarray(0, 20);
    assert.equal(head.subarray(0, 4).toString('latin1'), '\x7fELF');
    assert.equal(head.readUInt16LE(18), machine, architecture);
  }
});
