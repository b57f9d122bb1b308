import { openSync } from 'node:fs';
import { btfGetFdById, btfGetNextId, objGetInfo } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { Fd } from '../../native/fd.js';
import { BTF_INFO } from '../../native/uapi.js';
import { Btf } from '../btf/btf.js';
import type { BtfKind } from '../btf/types.js';
import { cString } from '../bytes/text.js';
import type { FeatureSet } from '../probe/features.js';
import { KernelFeatures } from '../probe/features.js';
import { possibleCpus } from '../system/cpus.js';
import { Kallsyms } from '../system/kallsyms.js';
import { vmlinuxBtf } from '../system/kernel-btf.js';
import { type KernelConfig, kernelConfig } from '../system/kernel-config.js';
import { kernelVersion, versionCode } from '../system/kernel-version.js';
import { pageSize } from '../system/page-size.js';

/** The types of a kernel module; instructions refer to them by a descriptor. */
export interface ModuleTypes {
  readonly name: string;
  readonly btf: Btf;
  readonly fd: Fd;
}

/** A type of the kernel; `module` is undefined for the kernel itself. */
export interface KernelType {
  readonly btf: Btf;
  readonly id: number;
  readonly module: ModuleTypes | undefined;
}

/** What loading wants to know of a kernel. Each thing is found out when it is asked for. */
export interface Kernel {
  readonly features: FeatureSet;
  /** @throws Error when the kernel has none */
  readonly types: Btf;
  readonly modules: readonly ModuleTypes[];
  readonly config: KernelConfig | undefined;
  /** KERNEL_VERSION. */
  readonly version: number;
  readonly possibleCpus: number;
  readonly pageSize: number;
  /** All addresses that symbols of a name have. */
  addresses(symbol: string): readonly bigint[];
}

/** A type by name and kind, of the kernel or else of a module. */
export function findKernelType(kernel: Kernel, name: string, kind: BtfKind): KernelType | undefined {
  const { types } = kernel;
  const own = types.find(name, kind);
  if (own !== undefined) return { btf: types, id: own, module: undefined };
  for (const module of kernel.modules) {
    const id = module.btf.find(name, kind);
    if (id !== undefined) return { btf: module.btf, id, module };
  }
  return undefined;
}

const NAME_SIZE = 64;

/** The running kernel. Owns descriptors of its modules' types. */
export class RunningKernel implements Kernel, Disposable {
  readonly features: FeatureSet;
  #modules: ModuleTypes[] | undefined;

  /** `token` is the descriptor of a BPF token, 0 for none; what the kernel has is found out by trying, unless `features` says it. */
  constructor(token = 0, features: FeatureSet = new KernelFeatures(token)) {
    this.features = features;
  }

  get types(): Btf {
    return vmlinuxBtf();
  }

  get modules(): readonly ModuleTypes[] {
    this.#modules ??= [...readModules(() => this.types)];
    return this.#modules;
  }

  get config(): KernelConfig | undefined {
    return kernelConfig();
  }

  get version(): number {
    return versionCode(kernelVersion());
  }

  get possibleCpus(): number {
    return possibleCpus();
  }

  get pageSize(): number {
    return pageSize();
  }

  addresses(symbol: string): readonly bigint[] {
    using kallsyms = new Kallsyms();
    return kallsyms.findAll(symbol).map(({ address }) => address);
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#modules ?? []) fd[Symbol.dispose]();
    this.#modules = undefined;
  }
}

/** Without the right to list BTF there are no modules to be seen: what is in them is then not found. */
function* readModules(vmlinux: () => Btf): Generator<ModuleTypes> {
  for (let id = nextId(0); id !== undefined; id = nextId(id)) {
    const fd = openBtf(id);
    const module = fd && readModule(fd, vmlinux);
    if (module) yield module;
    else fd?.[Symbol.dispose]();
  }
}

function nextId(after: number): number | undefined {
  try {
    return btfGetNextId(after);
  } catch (error) {
    if (isErrno(error, 'EPERM')) return undefined;
    throw error;
  }
}

function openBtf(id: number): Fd | undefined {
  try {
    return btfGetFdById(id);
  } catch (error) {
    // Unloaded meanwhile.
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function readModule(fd: Fd, vmlinux: () => Btf): ModuleTypes | undefined {
  const info = objGetInfo(fd.number, BTF_INFO);
  if (!info.kernel_btf) return undefined;
  const nameBytes = new Uint8Array(NAME_SIZE);
  objGetInfo(fd.number, BTF_INFO, { name: nameBytes, name_len: nameBytes.length });
  const name = cString(nameBytes);
  if (name === 'vmlinux') return undefined;
  const bytes = new Uint8Array(info.btf_size);
  objGetInfo(fd.number, BTF_INFO, { btf: bytes, btf_size: bytes.length });
  return { name, fd, btf: Btf.parse(bytes, { base: vmlinux(), what: `BTF of module ${name}` }) };
}

/** Opens a directory for the kernel to look at. */
export function openDirectory(path: string): Fd {
  return new Fd(openSync(path, 'r'));
}
