import { release } from 'node:os';

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
