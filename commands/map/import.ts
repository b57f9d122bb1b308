import { UsageError } from '../../src/errors.js';
import { readImport } from '../../src/map/import.js';
import { type ImportCounts, ImportPlan } from '../../src/map/import-plan.js';
import type { UpdateMode } from '../../src/map/map.js';
import { type Options, one, subcommand } from '../command.js';
import { readFile, readInput } from '../input-file.js';
import { GrammarError, isPrefix } from '../line/words.js';
import { takeMap } from '../reference/reference.js';
import { holdSignals } from '../signals.js';
import { MODES } from './data.js';

interface Row extends ImportCounts {
  readonly title: string;
  readonly dryRun: boolean;
}

/** `map import MAP FILE|-` */
export const importMap = subcommand<Row>({
  name: 'import',
  summary: 'Write the elements of an exported file into a map, all of them or none',
  grammar: 'MAP FILE',
  options: [
    { flags: '--flags <flag>', summary: 'noexist: none of the elements may be there; exist: all have to be' },
    { flags: '--replace', summary: 'delete what is not in the file' },
    { flags: '--dry-run', summary: 'check all, say what would be done, change nothing' },
  ],
  examples: ['bpf-ts map import name flows flows.ndjson', 'bpf-ts map import name flows - --replace --dry-run < flows.ndjson'],
  run: (words, { own }) => {
    using map = takeMap(words);
    const file = words.next('FILE');
    words.end();
    const mode = modeOf(own.flags);
    const plan = within(
      file,
      () => new ImportPlan(map, readImport(map, textOf(file)), { ...(mode && { mode }), replace: own.replace === true }),
    );
    if (own.dryRun !== true) {
      using _ = holdSignals();
      plan.run();
    }
    return one({ title: map.title, ...plan.counts, dryRun: own.dryRun === true });
  },
  plain: (row) =>
    `${row.title}: ${row.added} added, ${row.changed} changed, ${row.same} as before, ${row.deleted} deleted${row.dryRun ? ' (dry run: nothing was done)' : ''}\n`,
  json: ({ added, changed, same, deleted, dryRun }) => ({ added, changed, same, deleted, dry_run: dryRun }),
});

function modeOf(word: Options['own'][string]): UpdateMode | undefined {
  if (typeof word !== 'string') return undefined;
  const mode = MODES.find((each) => isPrefix(word, each));
  if (!mode) throw new GrammarError(`--flags: expected ${MODES.map((each) => `'${each}'`).join(', ')}, got '${word}'`);
  return mode;
}

function textOf(file: string): string {
  return new TextDecoder().decode(file === '-' ? readInput('elements') : readFile(file, 'elements'));
}

function within<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${file === '-' ? 'standard input' : file}: ${error.message}`);
    throw error;
  }
}
