import { release } from 'node:os';
import { readBytes } from './read-file.js';

const HEADER = '# Automatically generated file; DO NOT EDIT.';

/** What a kernel was built with, as its .config file says it. */
export class KernelConfig {
  readonly #text: string;

  constructor(text: string) {
    this.#text = `\n${text}`;
  }

  /** The value of an option as it stands in the file: `y`, `m`, `250`, `"text"`. Undefined when it is not set. */
  get(option: string): string | undefined {
    const found = this.#text.indexOf(`\n${option}=`);
    if (found < 0) return undefined;
    const start = found + option.length + 2;
    const end = this.#text.indexOf('\n', start);
    return this.#text.slice(start, end < 0 ? undefined : end) || undefined;
  }
}

let running: KernelConfig | undefined;

/** The configuration of the running kernel; undefined when neither /boot, /proc (CONFIG_IKCONFIG_PROC) nor its folder of modules (Debian's since 7.0) has it. */
export function kernelConfig(): KernelConfig | undefined {
  running ??= findConfig([`/boot/config-${release()}`, '/proc/config.gz', `/lib/modules/${release()}/config`]);
  return running;
}

/** Whether the running kernel was certainly built without an option, such as `NETKIT`; false when nothing tells. */
export function isBuiltWithout(option: string): boolean {
  const config = kernelConfig();
  return config !== undefined && config.get(`CONFIG_${option}`) === undefined;
}

/** The first of these files, compressed or not, that is a kernel's configuration. */
export function findConfig(paths: readonly string[]): KernelConfig | undefined {
  for (const path of paths) {
    const text = readText(path);
    // Whatever else is called like that is left alone.
    if (text?.split('\n', 2)[1] === HEADER) return new KernelConfig(text);
  }
  return undefined;
}

function readText(path: string): string | undefined {
  try {
    const bytes = readBytes(path);
    const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (compressed ? process.getBuiltinModule('node:zlib').gunzipSync(bytes) : bytes).toString('latin1');
  } catch {
    return undefined;
  }
}
