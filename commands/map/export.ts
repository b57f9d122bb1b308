import { exportHeader, exportLines } from '../../src/map/export.js';
import type { BpfMap } from '../../src/map/map.js';
import { type Output, one, subcommand } from '../command.js';
import { OutputFile } from '../output-file.js';
import { takeMap } from '../reference/reference.js';
import { onStop } from '../signals.js';

/** What was written. */
interface Row {
  readonly title: string;
  readonly file: string;
  readonly elements: number;
}

/** `map export MAP FILE|-` */
export const exportMap = subcommand<Row>({
  name: 'export',
  summary: 'Write all elements to a file that import reads, an element of JSON a line',
  grammar: 'MAP FILE',
  examples: ['bpf-ts map export name flows flows.ndjson', 'bpf-ts map export id 7 - | gzip > flows.ndjson.gz'],
  run: async (words) => {
    const map = takeMap(words, 'read');
    const file = keptUnlessRefused(map, () => {
      const name = words.next('FILE');
      words.end();
      // What cannot be exported is told of before a file is made.
      exportHeader(map);
      return name;
    });
    return file === '-' ? toOutput(map) : one(await toFile(map, file));
  },
  plain: ({ title, file, elements }) => `${elements} element${elements === 1 ? '' : 's'} of ${title} written to ${file}\n`,
  json: ({ file, elements }) => ({ file, elements }),
});

function keptUnlessRefused<T>(map: BpfMap, check: () => T): T {
  try {
    return check();
  } catch (error) {
    map[Symbol.dispose]();
    throw error;
  }
}

function toOutput(owned: BpfMap): Output<Row> {
  return {
    kind: 'stream',
    async *chunks() {
      using map = owned;
      yield* exportLines(map);
    },
  };
}

async function toFile(owned: BpfMap, path: string): Promise<Row> {
  using map = owned;
  let [elements, stopped] = [0, false];
  using file = new OutputFile(path);
  using _ = onStop(() => {
    stopped = true;
  });
  const count = (more: number) => {
    elements += more;
  };
  for await (const text of exportLines(map, count)) {
    if (stopped) throw new Error(`stopped by a signal: ${path} was not written`);
    file.write(text);
  }
  file.commit();
  return { title: map.title, file: path, elements };
}
