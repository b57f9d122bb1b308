import { readText } from './read-file.js';
/** A mounted file system, as this process sees it. */
export interface Mount {
  readonly type: string;
  readonly target: string;
  /** The options that the file system itself reports, such as `delegate_cmds=prog_load`. */
  readonly options: readonly string[];
}

/** All mounts of this process's mount namespace, in the order of /proc/self/mounts. */
export function mounts(): Mount[] {
  return parseMounts(readText('/proc/self/mounts'));
}

/** Reads the lines of fstab(5) form that /proc/self/mounts has. */
export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, target = '', type = '', options = ''] = line.split(' ');
      return { type, target: unmangle(target), options: options.split(',') };
    });
}

// Blank, tab, line feed, backslash and # are written as three octal digits (mangle_path in the kernel).
function unmangle(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
