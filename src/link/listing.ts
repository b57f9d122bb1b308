// What a listing shows of a link, beyond what the kernel says on the link itself.
import { objGetInfo, progGetFdById } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { PROG_INFO } from '../../native/uapi.js';
import { linkTypes } from '../kernel/names.js';
import { Kallsyms } from '../system/kallsyms.js';
import type { LinkInfo, LinkTarget } from './info.js';
import type { Link } from './link.js';

/** A kernel function by its symbol. */
export interface FunctionName {
  readonly name: string;
  readonly module: string | undefined;
}

export interface ListedLink extends LinkInfo {
  /** As bpftool names the type; undefined when this release does not know it. */
  readonly typeName: string | undefined;
  /** Of a tracing link: enum bpf_prog_type of its program. */
  readonly progType?: number | undefined;
  /** Of a kprobe_multi link: the functions' names by address, as far as symbols are shown. */
  readonly functions?: ReadonlyMap<bigint, FunctionName>;
}

/** Reads all that is shown of a link. */
export function listLink(link: Link): ListedLink {
  const info = link.info;
  return { ...info, typeName: linkTypes.nameOf(info.type), ...more(info) };
}

function more({ target, progId }: LinkInfo): Pick<ListedLink, 'progType' | 'functions'> {
  if (target.type === 'tracing') return { progType: programType(progId) };
  if (target.type === 'kprobe_multi') return { functions: functionNames(target) };
  return {};
}

// The program may have gone in the meantime, with the link.
function programType(id: number): number | undefined {
  try {
    using program = progGetFdById(id);
    return objGetInfo(program.number, PROG_INFO).type;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** With CONFIG_X86_KERNEL_IBT a function begins with a 4-byte instruction before the place where the probe is. */
const ENDBR_SIZE = 4n;

function functionNames({ functions }: Extract<LinkTarget, { type: 'kprobe_multi' }>): Map<bigint, FunctionName> {
  const symbols = symbolsAt(new Set(functions.flatMap(({ address }) => [address, address - ENDBR_SIZE])));
  const names = new Map<bigint, FunctionName>();
  for (const { address } of functions) {
    const symbol = symbols.get(address) ?? symbols.get(address - ENDBR_SIZE);
    if (symbol) names.set(address, symbol);
  }
  return names;
}

function symbolsAt(wanted: ReadonlySet<bigint>): Map<bigint, FunctionName> {
  const found = new Map<bigint, FunctionName>();
  if (wanted.size === 0) return found;
  using kallsyms = new Kallsyms();
  for (const { address, name, module } of kallsyms.all()) {
    if (wanted.has(address) && !found.has(address)) found.set(address, { name, module });
  }
  return found;
}
