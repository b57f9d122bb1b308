import { UsageError } from '../../src/errors.js';
import { type ExportedText, readExportedText, recordOf } from '../../src/map/exported-text.js';
import { readImport } from '../../src/map/import.js';
import type { BpfMap } from '../../src/map/map.js';
import { differences, equalBytes, Snapshot, takeSnapshot } from '../../src/map/snapshot.js';
import { type Output, subcommand } from '../command.js';
import { readFile, readInput } from '../input-file.js';
import type { Words } from '../line/words.js';
import { takeMap } from '../reference/reference.js';
import { belowMargin, CHANGE_COLOURS, changeFields, changeRead, changeText, type ShownChange, shown, Writers } from './difference.js';

/** `map diff A B` */
export const diff = subcommand<ShownChange>({
  name: 'diff',
  summary: 'Show in which elements two maps differ, or a map and an exported file; status 1 when they do',
  grammar: 'SOURCE SOURCE',
  examples: ['bpf-ts map diff name flows_old name flows', 'bpf-ts map diff file flows.ndjson name flows'],
  run: async (words) => {
    using before = takeSource(words);
    using after = takeSource(words);
    words.end();
    return listed(await changesOf(before, after));
  },
  plain: (row) => `${changeText(row)}\n`,
  terminal: (row) => belowMargin('', changeRead(row)),
  highlight: CHANGE_COLOURS,
  json: changeFields,
});

/** A map, or the text of an exported one. */
class Source implements Disposable {
  constructor(
    readonly name: string,
    readonly what: BpfMap | string,
  ) {}

  [Symbol.dispose](): void {
    if (typeof this.what !== 'string') this.what[Symbol.dispose]();
  }
}

function takeSource(words: Words): Source {
  if (!words.takeIf('file')) {
    const map = takeMap(words, 'read');
    return new Source(map.title, map);
  }
  const path = words.next('FILE');
  const bytes = path === '-' ? readInput('elements') : readFile(path, 'elements');
  return new Source(path === '-' ? 'standard input' : path, new TextDecoder().decode(bytes));
}

async function changesOf(before: Source, after: Source): Promise<Iterable<ShownChange>> {
  const map = [before.what, after.what].find((what) => typeof what !== 'string');
  if (!map) return textChanges(fileText(before), fileText(after));
  const writers = new Writers(map);
  const [a, b] = [await snapshotOf(before, map), await snapshotOf(after, map)];
  return mapped(differences(a, b, equalBytes), (difference) => shown(writers, difference));
}

/** A file is read by the types of the map that it is compared with. */
async function snapshotOf({ name, what }: Source, other: BpfMap): Promise<Snapshot> {
  if (typeof what === 'string') {
    const { entries } = named(name, () => readImport(other, what));
    const snapshot = new Snapshot(other.info.keySize, other.valueBytes);
    for (const { key, value } of entries) snapshot.set(key, 0, value, 0);
    return snapshot;
  }
  for (const size of ['keySize', 'valueSize'] as const)
    if (what.info[size] !== other.info[size])
      throw new UsageError(
        `${other.title} and ${what.title} cannot be compared: their ${size === 'keySize' ? 'keys' : 'values'} differ in size`,
      );
  return takeSnapshot(what);
}

function fileText({ name, what }: Source): ExportedText {
  return named(name, () => readExportedText(what as string));
}

/** Two files have no map to say what the bytes are: what they say is compared. */
function textChanges(a: ExportedText, b: ExportedText): Iterable<ShownChange> {
  const record = (text: string | undefined) => (text === undefined ? undefined : recordOf(text));
  return mapped(differences(a, b, Object.is), ({ change, key, before, after }) => ({
    change,
    key: recordOf(key),
    before: record(before),
    after: record(after),
  }));
}

function* mapped<A, B>(items: Iterable<A>, turn: (item: A) => B): Generator<B> {
  for (const item of items) yield turn(item);
}

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

/** The status is known when all has been printed. */
function listed(changes: Iterable<ShownChange>): Output<ShownChange> {
  let differ = false;
  const rows = mapped(changes, (change) => {
    differ = true;
    return change;
  });
  return {
    kind: 'list',
    rows,
    get exitCode() {
      return differ ? 1 : 0;
    },
  };
}
