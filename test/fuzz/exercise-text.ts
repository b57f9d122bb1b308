import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kconfigValue } from '../../src/object/kconfig.js';
import type { KconfigType } from '../../src/object/spec.js';
import { cpuList } from '../../src/system/cpus.js';
import { delegationOf } from '../../src/system/delegations.js';
import { parseFdinfo } from '../../src/system/fdinfo.js';
import { Kallsyms } from '../../src/system/kallsyms.js';
import { KernelConfig } from '../../src/system/kernel-config.js';
import { isOlderThan, versionFrom } from '../../src/system/kernel-version.js';
import { parseMounts } from '../../src/system/mounts.js';
import { attempt } from './attempt.js';

const TYPES: readonly KconfigType[] = ['char', 'bool', 'int', 'tristate', 'string'];
const SIZES: Readonly<Record<KconfigType, readonly number[]>> = { char: [1], bool: [1], int: [1, 2, 4, 8], tristate: [4], string: [1, 24] };
const OPTIONS = ['CONFIG_HZ', 'CONFIG_BPF', 'CONFIG_LOCALVERSION', 'CONFIG_PHYSICAL_START', 'CONFIG_NOT_THERE'];

/** Looks up settings of a kernel's configuration, and reads each as every type that an extern may have. */
export function exerciseKconfig(text: string): void {
  const config = new KernelConfig(text);
  for (const option of OPTIONS) {
    const value = config.get(option);
    if (value === undefined) continue;
    for (const type of TYPES)
      for (const size of SIZES[type]) {
        const extern = { kind: 'kconfig', name: option, weak: false, offset: 0, size, type, signed: size === 2 } as const;
        attempt(() => kconfigValue(extern, value));
      }
  }
}

/** /proc/PID/fdinfo, /proc/mounts, and the other short texts of /proc and /sys. */
export function exerciseProc(text: string): void {
  parseFdinfo(text);
  for (const mount of parseMounts(text)) delegationOf(mount);
  for (const line of text.split('\n').slice(0, 32)) {
    attempt(() => cpuList(line));
    versionFrom({ release: line, version: line, signature: line });
    isOlderThan('6.6', line);
  }
}

/** The kernel's symbols, which are read from a file as far as they are needed. */
export class SymbolFile implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'bpf-ts-fuzz-'));
  readonly #path = join(this.#directory, 'kallsyms');

  exercise(text: string): void {
    writeFileSync(this.#path, text);
    using symbols = new Kallsyms(this.#path);
    for (const name of ['jiffies', 'bpf_prog_1', '', 'no such']) {
      symbols.find(name);
      symbols.findAll(name);
    }
    for (let i = 0n; i < 30n; i++) symbols.nameAt(0xffffffff81000000n + i * 16n);
    for (const _ of symbols.all());
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true });
  }
}
