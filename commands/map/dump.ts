import { Dump, type DumpSource } from '../../src/map/dump.js';
import { formatsOf } from '../../src/map/formats.js';
import { listMap } from '../../src/map/listing.js';
import type { BpfMap } from '../../src/map/map.js';
import { subcommand } from '../command.js';
import { type Handles, last, takeMaps } from '../reference/reference.js';
import { headerFields, headerText } from './header.js';

/** `map dump MAP` */
export const dump = subcommand({
  name: 'dump',
  summary: 'Print all elements of a map, by its BTF where it has one',
  grammar: 'MAP',
  examples: ['bpf-ts map dump name counts', 'bpf-ts -j map dump id 7 | jq .[].formatted'],
  run: (words) => {
    const maps = last(words, takeMaps(words, 'read'));
    let failed = false;
    return {
      kind: 'stream',
      chunks: (form, depth) => dumpAll(maps, { form, depth, explain: sentenceOf }, () => (failed = true)),
      exitCode: () => (failed ? 255 : 0),
    };
  },
});

type Style = ConstructorParameters<typeof Dump>[1];

async function* dumpAll(maps: Handles<BpfMap>, style: Style, onFailure: () => void): AsyncGenerator<Uint8Array> {
  using open = maps;
  const whole = new Dump([...open].map(source), style);
  yield* whole.chunks();
  if (whole.failed) onFailure();
}

function source(map: BpfMap): DumpSource {
  const row = listMap(map);
  const formats = formatsOf(map);
  return { map, header: { plain: headerText(row), fields: headerFields(row) }, ...(formats && { formats }) };
}

/** Loaded only when there is something to explain. */
async function sentenceOf(error: unknown): Promise<string> {
  const { explain } = await import('../print/explain.js');
  return explain(error).sentence;
}
