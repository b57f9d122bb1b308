import { release, version } from 'node:os';
import { readTextIfAny } from './read-file.js';

/** The release of the running kernel, such as `6.1.0-56-amd64`. */
export const kernelRelease = release;

/** Whether the running kernel is older than the version (`6.6`) that a feature came with. A distribution's kernel may have the feature all the same. */
export function isOlderThan(version: string, running = release()): boolean {
  const [major = 0, minor = 0] = numbers(running);
  const [wantedMajor = 0, wantedMinor = 0] = numbers(version);
  return major !== wantedMajor ? major < wantedMajor : minor < wantedMinor;
}

function numbers(version: string): number[] {
  return version.split(/[.-]/, 2).map(Number);
}

/** Major, minor and patch number, as in `6.1.158`. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Where distributions say which kernel theirs was made from. */
export interface VersionTexts {
  /** uname's release: `6.1.0-56-amd64`. */
  readonly release: string;
  /** uname's version: `#1 SMP Debian 6.1.158-1 (2026-02-02)`. */
  readonly version: string;
  /** Ubuntu's /proc/version_signature: `Ubuntu 5.4.0-12.15-generic 5.4.8`. */
  readonly signature?: string | undefined;
}

const NUMBERS = String.raw`(\d+)\.(\d+)\.(\d+)`;
const UBUNTU = new RegExp(String.raw`^\S+\s+\S+\s+${NUMBERS}`);
const DEBIAN = new RegExp(`Debian ${NUMBERS}`);
// A kernel between two releases has no third number: `7.2-rc1`.
const RELEASE = /^(\d+)\.(\d+)(?:\.(\d+))?/;

/** The version a kernel has by its own count (LINUX_VERSION_CODE), which Debian and Ubuntu do not write into uname's release. */
export function versionFrom({ release, version, signature }: VersionTexts): Version {
  const match = UBUNTU.exec(signature ?? '') ?? DEBIAN.exec(version) ?? RELEASE.exec(release);
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
}

let running: Version | undefined;

/** The version of the running kernel, such as `[6, 1, 158]`. */
export function kernelVersion(): Version {
  running ??= versionFrom({ release: release(), version: version(), signature: readTextIfAny('/proc/version_signature', 'latin1') });
  return running;
}

/** A version as the kernel packs it (KERNEL_VERSION in linux/version.h); what PROG_LOAD's `kern_version` of kprobes is compared with before 5.0. */
export function versionCode([major, minor, patch]: Version): number {
  return major * 65536 + minor * 256 + Math.min(patch, 255);
}
