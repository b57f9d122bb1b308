// Kernels that are ready to boot, kept in a cache folder: fetched from Debian, unpacked, with a first file system of their own.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Archive } from './archive.js';
import { CannotRun, find, output } from './command.js';
import { cpio } from './cpio.js';
import { byNumbers, releasesOf, type Series } from './series.js';
import { vmlinuxOf } from './vmlinux.js';

/** Shell scripts lie with the sources; this file runs from build/test/vm. */
export const SCRIPTS = fileURLToPath(new URL('../../../test/vm/', import.meta.url));

/** Where kernels are kept: `$BPF_TS_VM_CACHE`, or a folder of the user's cache. */
export const CACHE = process.env.BPF_TS_VM_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bpf-ts/vm');

/** A kernel that can be booted. */
export interface Kernel {
  readonly series: Series;
  /** What `uname -r` says in the guest. */
  readonly release: string;
  readonly vmlinux: string;
  /** What its first file system is made of. */
  readonly early: string;
  /** To be seen as /lib/modules in the guest. */
  readonly modules: string;
  /** The file that Debian installs as /boot/config-RELEASE. */
  readonly config: string;
}

/**
 * The kernel of a series: the one of the cache, or the newest that Debian's archive has.
 * @param renew asks the archive although the cache has one
 * @throws CannotRun when neither has one
 */
export function kernelOf(series: Series, renew = false, say: (line: string) => void = () => {}): Kernel {
  const cached = cachedReleases(series).at(-1);
  if (cached !== undefined && !renew) return inCache(series, cached);
  const archive = new Archive(join(CACHE, 'apt', series.name), series.suites);
  archive.update();
  const [newest, ...others] = releasesOf(series.name, archive.packages('linux-image-'));
  if (newest === undefined) throw new CannotRun(`Debian's ${series.suites.join(', ')} have no kernel ${series.name}`);
  return inCache(series, fetchOne(archive, [newest, ...others.slice(0, 2)], say));
}

/** Fetches the first release of which the archive has all; of older ones it may have only parts. */
function fetchOne(archive: Archive, releases: readonly string[], say: (line: string) => void): string {
  const [release, ...others] = releases;
  if (existsSync(join(CACHE, 'kernels', release!))) return release!;
  try {
    say(`fetching ${release}`);
    fetch(archive, release!);
    return release!;
  } catch (error) {
    if (!(error instanceof CannotRun) || others.length === 0) throw error;
    say(error.message);
    return fetchOne(archive, others, say);
  }
}

function cachedReleases({ name }: Series): string[] {
  const folder = join(CACHE, 'kernels');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((release) => release.startsWith(`${name}.`) && !release.endsWith('.part'))
    .sort(byNumbers);
}

function inCache(series: Series, release: string): Kernel {
  const folder = join(CACHE, 'kernels', release);
  return { series, release, ...filesIn(folder) };
}

function filesIn(folder: string) {
  return {
    vmlinux: join(folder, 'vmlinux'),
    early: join(folder, 'early'),
    modules: join(folder, 'modules'),
    config: join(folder, 'config'),
  };
}

/** Makes a kernel's folder in the cache; all of it or, when something fails, nothing. */
function fetch(archive: Archive, release: string): void {
  mkdirSync(join(CACHE, 'kernels'), { recursive: true });
  const part = mkdtempSync(join(CACHE, 'kernels', `${release}.`)).concat('.part');
  try {
    mkdirSync(part);
    unpack(archive, release, part);
    renameSync(part, join(CACHE, 'kernels', release));
  } finally {
    rmSync(part, { recursive: true, force: true });
    rmSync(part.slice(0, -'.part'.length), { recursive: true, force: true });
  }
}

function unpack(archive: Archive, release: string, folder: string): void {
  const image = `linux-image-${release}`;
  // Newer kernels, their modules and configurations are in packages of their own, on which the image's depends.
  const parts = archive.dependencies(image).filter((name) => /^linux-(binary|modules|base)-/.test(name) && name.endsWith(release));
  const tree = join(folder, 'package');
  for (const name of [image, ...parts]) archive.unpack(name, tree);

  const files = filesIn(folder);
  const [merged, older] = [join(tree, 'usr/lib/modules'), join(tree, 'lib/modules')];
  if (!existsSync(merged) && !existsSync(older)) throw new CannotRun(`the archive has no modules of ${release}`);
  renameSync(existsSync(merged) ? merged : older, files.modules);
  cpSync(either(join(tree, `boot/config-${release}`), join(files.modules, release, 'config')), files.config);
  const packed = either(join(tree, `boot/vmlinuz-${release}`), join(files.modules, release, 'vmlinuz'));
  writeFileSync(files.vmlinux, vmlinuxOf(readFileSync(packed)));
  rmSync(tree, { recursive: true });

  indexModules(folder, release);
  gatherEarly(archive, folder, release);
}

function either(one: string, other: string): string {
  return existsSync(one) ? one : other;
}

/** depmod and modprobe look below lib/modules of a folder. */
function indexModules(folder: string, release: string): void {
  mkdirSync(join(folder, 'root/lib'), { recursive: true });
  renameSync(join(folder, 'modules'), join(folder, 'root/lib/modules'));
  output(find('depmod')!, ['-b', join(folder, 'root'), release]);
  renameSync(join(folder, 'root/lib/modules'), join(folder, 'modules'));
  rmSync(join(folder, 'root'), { recursive: true });
}

/** What the first process needs, where the kernel does not have it built in: the console it prints to, the host's files, and memory above them. */
const MODULES = ['virtio_pci', 'virtio_console', '9p', '9pnet_virtio', 'overlay'];

/** Puts what the first file system is made of, besides init.sh, into a folder `early`: busybox, and modules in the order in which they are loaded. */
function gatherEarly(archive: Archive, folder: string, release: string): void {
  const [early, tools] = [join(folder, 'early'), join(folder, 'tools')];
  mkdirSync(join(early, 'modules'), { recursive: true });
  archive.unpack('busybox-static', tools);
  cpSync(either(join(tools, 'bin/busybox'), join(tools, 'usr/bin/busybox')), join(early, 'busybox'));
  rmSync(tools, { recursive: true });
  const modules = join(folder, 'modules', release);
  inOrder(readFileSync(join(modules, 'modules.dep'), 'utf8'), MODULES).forEach((path, index) => {
    writeFileSync(join(early, 'modules', `${index + 10}-${basename(path).replace(/\.(xz|zst)$/, '')}`), unpacked(join(modules, path)));
  });
}

/** The first file system of a kernel's guest. Made anew for each, so that a change of init.sh counts. */
export function initramfs({ early }: Kernel): Buffer {
  const executable = (path: string, from: string) => ({ path, contents: readFileSync(from), executable: true });
  return cpio([
    ...['bin', 'modules', 'proc', 'sys', 'dev', 'root', 'lower', 'upper'].map((path) => ({ path })),
    executable('bin/busybox', join(early, 'busybox')),
    executable('init', join(SCRIPTS, 'init.sh')),
    ...readdirSync(join(early, 'modules')).map((name) => ({
      path: `modules/${name}`,
      contents: readFileSync(join(early, 'modules', name)),
    })),
  ]);
}

/** Paths of these modules and of all they need, each behind what it needs, by the text of a modules.dep. Those that are built in are not in it. */
export function inOrder(dependencies: string, names: readonly string[]): string[] {
  const lines = dependencies.split('\n').map((line) => line.split(/:? /));
  const needs = new Map(lines.map(([path = '', ...needed]) => [path.replace(/:$/, ''), needed]));
  const paths = names.flatMap((name) => [...needs.keys()].filter((path) => basename(path).startsWith(`${name}.ko`)));
  // modules.dep names what a module needs with the nearest first.
  return [...new Set(paths.flatMap((path) => [...[...needs.get(path)!].reverse(), path]))];
}

function unpacked(path: string): Uint8Array {
  if (path.endsWith('.xz')) return output('xz', ['-dc', path]);
  return path.endsWith('.zst') ? output('zstd', ['-dcq', path]) : readFileSync(path);
}
