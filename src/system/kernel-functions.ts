// Functions of the kernel by name or pattern.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isTraceable } from '../btf/traceable.js';
import { UsageError } from '../errors.js';
import { isPattern, patternOf } from '../hook/pattern.js';
import { Kallsyms } from './kallsyms.js';
import { moduleBtf, vmlinuxBtf } from './kernel-btf.js';
import { readText } from './read-file.js';
import { withTracefs } from './tracefs.js';

// In tracefs.
const FUNCTIONS = 'available_filter_functions';

/**
 * The addresses of the functions of a name or pattern that can be traced, for programs that attach to many at once.
 *
 * @throws UsageError when there are none; the error of the file when the kernel does not tell which can be traced
 */
export function kernelFunctions(pattern: string): bigint[] {
  const found = isPattern(pattern) ? withTracefs((directory) => traceable(directory, patternOf(pattern))) : addressesOf([pattern]);
  if (found.length === 0) throw new UsageError(`this kernel has no function ${pattern} that can be traced`);
  return found;
}

/** With addresses since 6.5. Before that by name, which may be that of several functions, so that only names of one are taken. */
function traceable(directory: string, pattern: RegExp): bigint[] {
  const [withAddresses, names] = [`${FUNCTIONS}_addrs`, FUNCTIONS].map((file) => join(directory, file));
  if (!existsSync(withAddresses!)) return addressesOf(namesIn(readText(names!, 'latin1')).filter((name) => pattern.test(name)));
  const lines = readText(withAddresses!, 'latin1').split('\n');
  return lines.flatMap((line) => {
    const [address, name] = line.split(/[ \t]/, 2);
    return name !== undefined && pattern.test(name) ? [BigInt(`0x${address}`)] : [];
  });
}

/**
 * The type ids, in the BTF of the kernel or of a module, of the functions that `[MODULE:]PATTERN` means and that can be traced.
 *
 * @throws UsageError when there are none
 */
export function kernelFunctionIds(text: string): number[] {
  const colon = text.indexOf(':');
  const btf = colon < 0 ? vmlinuxBtf() : moduleBtf(text.slice(0, colon));
  const pattern = patternOf(text.slice(colon + 1));
  const named = [...btf.ids('FUNC')].filter((id) => pattern.test(btf.name(id)) && isTraceable(btf, id));
  const names = withTracefs((directory) => new Set(namesIn(readText(join(directory, FUNCTIONS), 'latin1'))));
  const found = named.filter((id) => names.has(btf.name(id)));
  if (found.length === 0) throw new UsageError(`this kernel has no function ${text} that can be traced`);
  return found;
}

// `tcp_v4_rcv`, `nf_hook_slow [nf_tables]`
function namesIn(text: string): string[] {
  return text.split('\n').map((line) => line.split(/[ \t]/, 1)[0]!);
}

function addressesOf(names: readonly string[]): bigint[] {
  using symbols = new Kallsyms();
  if (names.length === 1) {
    const { address } = symbols.find(names[0]!) ?? {};
    return address === undefined ? [] : [address];
  }
  const wanted = new Set(names);
  const addresses = new Map<string, bigint | undefined>();
  for (const { name, address } of symbols.all())
    if (wanted.has(name) && address !== 0n) addresses.set(name, addresses.has(name) ? undefined : address);
  return [...addresses.values()].filter((address) => address !== undefined);
}

// What wraps system calls (CONFIG_ARCH_HAS_SYSCALL_WRAPPER), by architecture.
const WRAPPERS: Readonly<Record<string, string>> = { x64: '__x64_sys_', arm64: '__arm64_sys_' };

/** The function of a system call: the architecture's wrapper, or on a kernel without those the call's own. */
export function systemCallFunction(call: string): string {
  using symbols = new Kallsyms();
  const names = [WRAPPERS[process.arch] ?? '__se_sys_', '__se_sys_'].map((prefix) => prefix + call);
  // Where addresses are hidden nothing is found.
  return names.find((name) => symbols.find(name)) ?? names[0]!;
}
