// The kernels that tests run on, and how the newest of each is told from a list of packages.

/** A kernel series, the suites of Debian that have it and other packages, and what its kernel has to be told. */
export interface Series {
  readonly name: string;
  readonly suites: readonly string[];
  /** More words for the kernel's command line. */
  readonly arguments?: string;
}

/** From the oldest kernel that bpf-ts supports to the newest that Debian has. */
export const SERIES: readonly Series[] = [
  // Debian's 5.10 has the BPF LSM, but not in the list of those that are on.
  { name: '5.10', suites: ['bullseye', 'bullseye-security'], arguments: 'lsm=lockdown,yama,apparmor,bpf' },
  { name: '6.1', suites: ['bookworm', 'bookworm-security'] },
  { name: '6.12', suites: ['trixie', 'trixie-security'] },
  { name: '6.18', suites: ['trixie-backports', 'trixie'] },
  { name: '7', suites: ['sid', 'trixie-backports'] },
];

/** The release of a package with an ordinary kernel: not of a debug, cloud, real-time or unsigned one, and not of one that stands for the newest. */
const ORDINARY = /^linux-image-(\d[\d.]*\.\d[^-]*(?:-[\d.]+)*-amd64)$/;

/** The kernel releases of a series among names of packages, such as `6.1.0-56-amd64`, the newest first. */
export function releasesOf(series: string, packages: readonly string[]): string[] {
  return packages
    .map((name) => ORDINARY.exec(name)?.[1] ?? '')
    .filter((release) => release.startsWith(`${series}.`))
    .sort(byNumbers)
    .reverse();
}

/** Orders names by the numbers in them, the first counting most. */
export function byNumbers(a: string, b: string): number {
  const [left, right] = [numbersIn(a), numbersIn(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersIn(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}
