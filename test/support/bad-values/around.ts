import type { Link } from '../../../src/link/link.js';
import type { LoadedObject } from '../../../src/load/loaded-object.js';
import type { BpfMap } from '../../../src/map/map.js';
import type { OwnBpffs, OwnCgroup } from '../live.js';

/** What the values are made of. */
export interface Around {
  readonly bpffs: OwnBpffs;
  readonly cgroup: OwnCgroup;
  /** test/progs/commands.bpf.c */
  readonly commands: LoadedObject;
  /** test/progs/dump.bpf.c */
  readonly dump: LoadedObject;
  /** Keys of 4 bytes, values of 8. */
  readonly hash: BpfMap;
  readonly peeked: BpfMap;
  readonly queue: BpfMap;
  /** Of the program `dissect`, in this network namespace. */
  readonly link: Link;
  /** A file or folder for the tests: `empty`, `truncated`, `hostile`, `text`, `directory`, or one that is to be made. */
  path(name: string): string;
}
