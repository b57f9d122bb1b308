import type { Rollback } from '../system/bpffs.js';
import type { Kernel } from './kernel.js';
import type { LoadedBtf } from './object-btf.js';
import type { LoadOptions } from './options.js';

/** What the steps of a load share. */
export interface LoadContext {
  readonly kernel: Kernel;
  /** The descriptor of a BPF token, 0 for none. */
  readonly token: number;
  /** The object's types in the kernel; undefined when it takes none. */
  readonly btf: LoadedBtf | undefined;
  readonly device: LoadOptions['device'];
  /** Where global variables lie in the arena. */
  readonly arenaOffset: number;
  /** Takes back what was made outside of descriptors. */
  readonly rollback: Rollback;
  note(text: string): void;
  /** Owns something until the object is closed. */
  keep(resource: Disposable): void;
  /** Where a map of that name is pinned by name. */
  pinPath(name: string): string;
}
