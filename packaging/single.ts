import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPackage, lockedPackage, type Pinned } from './registry.js';
import { root, version } from './root.js';

/** Machines that a single executable is made for, by Node's names. All of them Linux with glibc. */
export const ARCHITECTURES = ['x64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/**
 * Bun, which a single executable consists of but for our code and the FFI. The packages of its binaries are taken: the package `bun` has an install script
 * that may download from elsewhere.
 */
export const BUN: Readonly<Record<Architecture, Pinned>> = {
  x64: {
    name: '@oven/bun-linux-x64',
    version: '1.4.5',
    integrity: 'sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==',
  },
  arm64: {
    name: '@oven/bun-linux-aarch64',
    version: '1.4.5',
    integrity: 'sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==',
  },
};

/**
 * Builds a program that needs no Node: Bun with the tool's code as it compiled it, the FFI's binary and the disassembler inside.
 *
 * @returns its path, in `folder`
 */
export function buildSingle(architecture: Architecture, folder: string): string {
  const here = BUN[process.arch as Architecture];
  if (process.platform !== 'linux' || !here)
    throw new Error(`Bun is taken for Linux on x64 and arm64; this is ${process.platform} on ${process.arch}`);
  const bun = (which: Pinned) => join(fetchPackage(which), 'bin/bun');
  const entry = writeEntry(architecture);
  const result = join(folder, `bpf-ts-linux-${architecture}`);
  const args = [
    ['build', entry, '--compile', '--outfile', result],
    [`--target=bun-linux-${architecture}`, '--compile-executable-path', bun(BUN[architecture])],
    // What a command needs is taken in when it is run, and compiled already: a third less to start.
    ['--splitting', '--bytecode', '--format=esm', '--minify'],
    // Files in the folder where the tool is run, which may be anybody's, say nothing to it.
    ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
    ['--define', `BPF_TS_VERSION=${JSON.stringify(version)}`],
  ];
  execFileSync(bun(here), args.flat(), { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  unname(result, OBEYED);
  return result;
}

/** Variables by which Bun takes other options or code, is Bun itself, or lets others look on; no option of it turns them off. */
const OBEYED = ['BUN_OPTIONS', 'BUN_BE_BUN', 'BUN_INSPECT', 'BUN_INSPECT_CONNECT_TO', 'BUN_INSPECT_PRELOAD'];

/** Lets an executable ask for a name in place of each that no variable can have. @throws Error when one is not in there exactly once: it is another Bun */
function unname(path: string, names: readonly string[]): void {
  const bytes = readFileSync(path);
  for (const name of names) {
    const literal = Buffer.from(`\0${name}\0`);
    const at = bytes.indexOf(literal);
    if (at < 0 || bytes.indexOf(literal, at + 1) >= 0)
      throw new Error(`${path}: ${name} is not in there once: look how this Bun asks for it`);
    bytes[at + 1] = '='.charCodeAt(0);
  }
  writeFileSync(path, bytes);
}

function writeEntry(architecture: Architecture): string {
  const koffi = fetchPackage(lockedPackage(`@koromix/koffi-linux-${architecture}`));
  const folder = join(root, 'build/packaging');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `entry-${architecture}.mjs`);
  writeFileSync(path, entryText(join(koffi, `linux_${architecture}/koffi.node`)));
  return path;
}

/**
 * What the executable begins with. The FFI's binary can only be loaded from a file; in memory (memfd_create) it is nobody else's to change, and nothing of it
 * stays behind, where Bun would leave it in the folder for temporary files.
 */
function entryText(koffi: string): string {
  return `
import { readFileSync, writeFileSync } from 'node:fs';
import { dlopen } from 'bun:ffi';
import koffi from ${JSON.stringify(koffi)} with { type: 'file' };
import capstone from '@alexaltea/capstone-js/dist/capstone.wasm' with { type: 'file' };
import { main } from '../commands/main.js';

const MFD_CLOEXEC = 1;
globalThis[Symbol.for('bpf-ts.files')] = {
  'capstone.wasm': capstone,
  get 'koffi.node'() {
    const { symbols } = dlopen('libc.so.6', { memfd_create: { args: ['cstring', 'u32'], returns: 'i32' } });
    const fd = symbols.memfd_create(Buffer.from('koffi.node\\0'), MFD_CLOEXEC);
    if (fd < 0) return koffi;
    writeFileSync(fd, readFileSync(koffi));
    return '/proc/self/fd/' + fd;
  },
};
process.exitCode = 255;
main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
`;
}
