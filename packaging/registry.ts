import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

/** A package at one version, with the digest that the registry's package has to have (as package-lock.json writes it). */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

// Ignored by git and npm, as all in node_modules is, and kept between builds.
const KEPT = join(root, 'node_modules/.cache/bpf-ts-packaging');

/**
 * Gets a package from the registry without installing it, so for machines that this one is not, and gives the folder of its files. None of its scripts runs.
 *
 * @throws Error when the registry's package is another one
 */
export function fetchPackage({ name, version, integrity }: Pinned): string {
  const folder = join(KEPT, `${name.replaceAll('/', '+')}-${version}`);
  if (existsSync(folder)) return join(folder, 'package');
  mkdirSync(KEPT, { recursive: true });
  const scratch = mkdtempSync(join(KEPT, 'new-'));
  try {
    const answer = execFileSync('npm', ['pack', `${name}@${version}`, '--json', '--pack-destination', scratch], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [packed] = Object.values(JSON.parse(answer) as Record<string, { filename: string; integrity: string }>);
    if (packed!.integrity !== integrity) throw new Error(`${name}@${version} is ${packed!.integrity}, not ${integrity}`);
    execFileSync('tar', ['-xzf', join(scratch, packed!.filename), '-C', scratch]);
    rmSync(join(scratch, packed!.filename));
    renameSync(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return join(folder, 'package');
}

/** A package as package-lock.json pins it. */
export function lockedPackage(name: string): Pinned {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string; integrity: string }>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`]!;
  return { name, version, integrity };
}
