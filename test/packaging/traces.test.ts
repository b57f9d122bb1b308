// What commands do to files and to the network, as strace sees it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { noStrace } from '../faults/strace.js';
import { LAUNCHER } from '../support/bundle.js';
import { noRoot, testObjectPath } from '../support/live.js';

const CALLS = ['file', 'connect', 'sendto'];

/** Commands; `OUT` stands for a file that is named, in a folder of its own. */
const COMMANDS: readonly (readonly string[])[] = [
  ['version'],
  ['help', 'prog'],
  ['completion', 'bash'],
  ['prog', 'show'],
  ['map', 'show'],
  ['link', 'show'],
  ['btf', 'show'],
  ['net', 'show'],
  ['perf', 'show'],
  ['cgroup', 'tree'],
  ['struct_ops', 'show'],
  ['token', 'show'],
  ['feature', 'probe', 'kernel'],
  ['graph'],
  ['top', '--once', '--interval', '10ms'],
  ['watch', '--for', '10ms'],
  ['btf', 'dump', 'file', testObjectPath('hooks-net'), 'format', 'c'],
  ['gen', 'skeleton', testObjectPath('hooks-net')],
  ['prog', 'load', testObjectPath('hooks-net'), '--dry-run'],
  ['gen', 'object', 'OUT', testObjectPath('hooks-net')],
  ['gen', 'min_core_btf', '/sys/kernel/btf/vmlinux', 'OUT', testObjectPath('gen-core')],
];

interface Traced {
  readonly status: number | null;
  readonly err: string;
  readonly lines: readonly string[];
}

function traced(args: readonly string[], folder: string, env: NodeJS.ProcessEnv = process.env): Traced {
  const log = join(folder, 'trace');
  const strace = [
    '-f',
    '--seccomp-bpf',
    '-y',
    '-qq',
    '-s',
    '4096',
    '-o',
    log,
    '-e',
    `trace=${CALLS.join(',')}`,
    process.execPath,
    LAUNCHER,
    ...args,
  ];
  const { status, stderr } = spawnSync('strace', strace, { cwd: join(folder, 'cwd'), env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, err: stderr, lines: readFileSync(log, 'utf8').split('\n') };
}

const CHANGES =
  /\b(?:open(?:at)?\(.*\bO_(?:WRONLY|RDWR|CREAT|TRUNC)\b|(?:creat|mkdir|rmdir|rename|unlink|link|symlink|truncate|mknod|f?ch(?:mod|own))\w*\()/;

/** Paths that calls which did not fail made, changed or took away. */
function changed(lines: readonly string[]): string[] {
  const done = lines.filter((line) => CHANGES.test(line) && !/readlink|= -1 /.test(line));
  return done.flatMap((line) => [...line.matchAll(/"([^"]*)"/g)].map(([, path = '']) => path)).filter((path) => path !== '/dev/null');
}

function inFolders<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-traces-'));
  for (const name of ['cwd', 'home', 'tmp', 'out']) mkdirSync(join(folder, name));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('as strace sees it', { skip: noRoot || noStrace() }, () => {
  for (const command of COMMANDS)
    test(`${command.map((word) => word.replace(/.*\//, '')).join(' ')} writes only what it was told to, and connects to nothing`, () => {
      inFolders((folder) => {
        const out = join(folder, 'out/file');
        const env = { ...process.env, HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') };
        const { status, err, lines } = traced(
          command.map((word) => (word === 'OUT' ? out : word)),
          folder,
          env,
        );
        assert.equal(status, 0, err);
        // A file is written without a name, and gets its name from its descriptor when it is whole.
        const isNamed = (path: string) =>
          dirname(path) === join(folder, 'out') || path === join(folder, 'out') || /^\/proc\/self\/fd\/\d+$/.test(path);
        const elsewhere = changed(lines).filter((path) => !isNamed(path));
        assert.deepEqual(elsewhere, []);
        // Netlink is answered by the kernel itself.
        assert.deepEqual(
          lines.filter((line) => /\b(connect|sendto)\(.*AF_(INET6?|UNIX)\b/.test(line)),
          [],
        );
      });
    });

  test('nothing is read from the folder where it is run, nor run from what variables name', () => {
    inFolders((folder) => {
      const cwd = join(folder, 'cwd');
      const evil = 'require("fs").writeSync(2, "taken\\n"); process.exit(99);\n';
      for (const place of ['node_modules/koffi', 'node_modules/@koromix/koffi-linux-x64/linux_x64', 'dist', 'lib'])
        mkdirSync(join(cwd, place), { recursive: true });
      for (const name of [
        'node_modules/koffi/index.js',
        'node_modules/@koromix/koffi-linux-x64/index.js',
        'dist/main.cjs',
        'preload.js',
        'lib/libc.so.6',
      ])
        writeFileSync(join(cwd, name), evil);
      writeFileSync(join(cwd, 'package.json'), '{"type":"module","imports":{"#x":"./preload.js"}}');
      writeFileSync(join(cwd, '.env'), 'NODE_OPTIONS=--require ./preload.js\nBUN_OPTIONS=--preload ./preload.js\n');
      writeFileSync(join(cwd, 'bunfig.toml'), 'preload = ["./preload.js"]\n');
      const env = {
        ...process.env,
        NODE_PATH: join(cwd, 'node_modules'),
        BUN_OPTIONS: '--preload ./preload.js',
        PATH: `${cwd}:${process.env.PATH}`,
      };
      const { status, err, lines } = traced(['prog', 'show'], folder, env);
      assert.deepEqual([status, err], [0, '']);
      const touched = lines.filter((line) => !/^\d+ +execve\(/.test(line) && line.includes(`${cwd}/`));
      assert.deepEqual(touched, []);
    });
  });
});
