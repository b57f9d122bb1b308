// What may follow `prog load OBJ PATH`.
import type { Btf } from '../../src/btf/btf.js';
import { UsageError } from '../../src/errors.js';
import { readTypes } from '../../src/gen/sources.js';
import { hookForSection } from '../../src/hook/all.js';
import { attachTypes, progTypes } from '../../src/kernel/names.js';
import type { LoadOptions, ProgramTypes } from '../../src/load/options.js';
import type { BpfMap } from '../../src/map/map.js';
import { requireInterface } from '../../src/system/interfaces.js';
import { readFile } from '../input-file.js';
import { GrammarError, type Words } from '../line/words.js';
import { takeMap } from '../reference/reference.js';

/** A map to be used in place of one of the object's, which is named by index or name. */
interface GivenMap {
  readonly which: number | string;
  readonly map: BpfMap;
}

/** The words that were given. Disposing of it closes the maps. */
export class LoadWords implements Disposable {
  type: ProgramTypes | undefined;
  device: LoadOptions['device'];
  kernelBtf: Btf | undefined;
  pinmaps: string | undefined;
  autoattach = false;
  readonly maps: GivenMap[] = [];

  get loadOptions(): LoadOptions {
    return { kernelBtf: this.kernelBtf, device: this.device, types: this.type && new Map([['*', this.type]]) };
  }

  [Symbol.dispose](): void {
    for (const { map } of this.maps) map[Symbol.dispose]();
  }
}

// In the order of bpftool, which decides what a beginning means. `dev` is its old word for `offload_dev`.
const KEYWORDS = ['type', 'map', 'dev', 'offload_dev', 'xdpmeta_dev', 'pinmaps', 'autoattach', 'kernel_btf'] as const;

/** Takes all words behind `OBJ PATH`. The caller disposes of what it gives. */
export function takeLoadWords(words: Words): LoadWords {
  const given = new LoadWords();
  try {
    while (words.peek !== undefined) TAKE[words.choose('what follows PATH', KEYWORDS)](words, given);
    return given;
  } catch (error) {
    given[Symbol.dispose]();
    throw error;
  }
}

const TAKE: Record<(typeof KEYWORDS)[number], (words: Words, given: LoadWords) => void> = {
  type: (words, given) => {
    once('type', given.type);
    given.type = programTypes(words.next('TYPE'));
  },
  map: (words, given) => {
    const by = words.choose('which map', ['idx', 'name']);
    const which = by === 'idx' ? words.number('idx') : words.next('the name of the map');
    given.maps.push({ which, map: takeMap(words) });
  },
  dev: (words, given) => takeDevice(words, given, 'offload'),
  offload_dev: (words, given) => takeDevice(words, given, 'offload'),
  xdpmeta_dev: (words, given) => takeDevice(words, given, 'metadata'),
  pinmaps: (words, given) => {
    once('pinmaps', given.pinmaps);
    given.pinmaps = words.next('the directory of pinmaps');
  },
  autoattach: (_, given) => {
    given.autoattach = true;
  },
  kernel_btf: (words, given) => {
    once('kernel_btf', given.kernelBtf);
    const path = words.next('the file of kernel_btf');
    given.kernelBtf = readTypes(readFile(path, 'types'), path);
  },
};

function takeDevice(words: Words, given: LoadWords, use: 'offload' | 'metadata'): void {
  if (given.device) throw new GrammarError('one device may be given: offload_dev or xdpmeta_dev');
  given.device = { ifindex: requireInterface(words.next('the name of the device')), use };
}

function once(word: string, value: unknown): void {
  if (value !== undefined) throw new GrammarError(`${word} is given twice`);
}

/** A type is named as the section that asks for it is: `xdp`, `cgroup/connect4`, `kprobe`. */
export function programTypes(name: string): ProgramTypes {
  const match = hookForSection(name) ?? hookForSection(`${name}/`);
  if (!match) throw new UsageError(`there is no program type '${name}': types are named as sections are (xdp, kprobe, cgroup/connect4)`);
  const { hook, section } = match;
  return {
    type: progTypes.valueOf(hook.program.toLowerCase())!,
    attachType: section.attach === undefined ? 0 : attachTypes.valueOf(section.attach.toLowerCase())!,
  };
}
