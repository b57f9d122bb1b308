import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Elf } from '../../src/elf/elf.js';
import { testObjectPath } from '../support/live.js';

/** Writes files into a folder that are wrong in one way each, as the lines of failures.ts name them. */
export function writeBrokenFiles(folder: string): void {
  const object = readFileSync(testObjectPath('dump'));
  const types = Elf.parse(object, 'dump').section('.BTF')!.bytes;
  const HEADER = 24;
  const files: Readonly<Record<string, string | Uint8Array>> = {
    packet: new Uint8Array(64),
    empty: '',
    short: '1',
    'truncated.o': object.subarray(0, object.length / 2),
    'raw-truncated': types.subarray(0, types.length / 2),
    'raw-header': types.subarray(0, 8),
    'raw-bad': types.map((byte, at) => (at < HEADER ? byte : 0xff)),
    failing: 'prog show id 4294967295\n',
    unknown: 'nosuchcommand\n',
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}
