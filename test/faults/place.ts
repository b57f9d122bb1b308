import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mount, unmount } from '../../native/system.js';
import { OwnBpffs, ownNetwork, quietPair } from '../support/live.js';
import type { Place } from './cases.js';

const MNT_DETACH = 2;

/** Where cases work, which nobody else sees. It also covers the BPF file system on which maps pin themselves. */
export class OwnPlace implements Place, Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'bpf-ts-faults-'));
  readonly bpffs: string;
  readonly ifindex: number;
  readonly #own: OwnBpffs;

  constructor() {
    ownNetwork();
    this.ifindex = quietPair().near;
    this.#own = new OwnBpffs();
    this.bpffs = this.#own.path;
    mount('bpf', '/sys/fs/bpf', 'bpf', 0);
  }

  [Symbol.dispose](): void {
    unmount('/sys/fs/bpf', MNT_DETACH);
    this.#own[Symbol.dispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
