// Every place of every command's line gets what does not fit there: the lines come from the grammar of the records.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { ownOptions } from '../../commands/line/options.js';
import type { Bad } from '../support/bad-values/kinds.js';
import { BAD_OPTIONS } from '../support/bad-values/options.js';
import { Surroundings } from '../support/bad-values/surroundings.js';
import { type Captured, capture } from '../support/capture.js';
import { allCommands, linesOf, type NamedCommand, type Slot, textOf } from '../support/command-lines.js';
import { emulated, someOf } from '../support/guest.js';
import { eventually, noCgroup, OwnBpffs, OwnCgroup, openBpfDescriptors, ownNetwork } from '../support/live.js';

/** Commands for which any number of words is right, whatever they are. */
const ANY_WORDS = new Set(['completion words']);
/** Values that any number of words may stand for. */
const ENDLESS = new Set(['ARG']);
const LONGEST_SENTENCE = 500;

const TAKEN = 'it is taken';
/** What a user without privileges is told. */
const MISSING = /not permitted|permission denied|CAP_|root/;
/** Commands that everyone may use. */
const WITHOUT_PRIVILEGES = ['help', 'feature list_builtins', 'gen skeleton', 'gen subskeleton', 'gen ts', 'token show', 'version'];
const COMMANDS = await allCommands();

/** Lines that read a file first of all. */
const READING = [
  'prog load FILE PATH',
  'prog loadall FILE PATH',
  'gen skeleton FILE',
  'gen subskeleton FILE',
  'gen ts FILE',
  'gen object PATH FILE',
  'gen min_core_btf FILE PATH FILE',
  'btf dump file FILE',
  'btf show int file FILE',
  '-B FILE btf dump file FILE',
  'iter pin FILE PATH',
  'struct_ops register FILE',
  'run FILE',
  'batch file FILE',
];
/** Options of the tool itself that take a value, or need one another. */
const BAD_GLOBALS: readonly (readonly [line: string, sentence: RegExp])[] = [
  ['-B /nonexistent btf dump file FILE:object', /no such file/],
  ['-B FILE:text btf dump file FILE:object', /ELF/],
  ['-B FILE:directory btf dump file FILE:object', /directory/],
  ['-B FILE:truncated btf dump file FILE:object', /truncated/],
  ['-B FILE:fifo btf dump file FILE:object', /pipe/],
  ['btf dump file FILE:object -B', /argument missing|is missing/],
  ['-S prog load FILE:object /sys/fs/bpf/x', /-k|--sign|key/],
  ['-S -k FILE:text gen skeleton FILE:object', /-i|certificate/],
  ['-S -k /nonexistent -i FILE:text gen skeleton FILE:object', /nonexistent|no such file/],
  ['-S -k FILE:text -i FILE:text gen skeleton FILE:object', /./],
  ['-S -k FILE:fifo -i FILE:text gen skeleton FILE:object', /./],
  ['--nosuch prog', /nosuch/],
  ['-x prog', /-x/],
];

describe('bad input', { skip: noCgroup }, () => {
  let around: Surroundings;
  let bpffs: OwnBpffs;
  let cgroup: OwnCgroup;

  before(() => {
    ownNetwork();
    bpffs = new OwnBpffs();
    cgroup = new OwnCgroup();
    around = new Surroundings(bpffs, cgroup);
  });
  after(() => {
    around[Symbol.dispose]();
    cgroup[Symbol.dispose]();
    bpffs[Symbol.dispose]();
  });

  for (const command of COMMANDS.filter(({ name }) => !ANY_WORDS.has(name))) {
    test(`${command.name} refuses what does not fit, with a sentence, and leaves nothing`, async () => {
      const wrong: string[] = [];
      const before = await tracesAtRest();
      const rows = [...badLines(command), ...badOptions(command)];
      assert.ok(rows.length > 0, 'a command that takes everything stands in ANY_WORDS');
      for (const [words, sentence] of someOf(rows, 20)) {
        const fault = await faultOf([...command.name.split(' '), ...words], sentence);
        if (fault) wrong.push(`${words.join(' ')}: ${fault}`);
      }
      assert.deepEqual(wrong, []);
      await assertNoneLeft(before);
    });
  }

  test('every value in the tables of bad input stands at a place of some command', () => {
    // By itself too, when only this test runs.
    for (const command of COMMANDS) for (const line of linesOf(command)) around.filled(command, line);
    assert.deepEqual(around.unused, []);
  });

  test('every option in the tables is one of some command', () => {
    const known = COMMANDS.flatMap(({ name, record }) =>
      ownOptions(record).flatMap(({ flags }) => {
        const [option] = /--[\w-]+/.exec(flags)!;
        return [option, `${name} ${option}`];
      }),
    );
    assert.deepEqual(
      Object.keys(BAD_OPTIONS).filter((option) => !known.includes(option)),
      [],
    );
  });

  for (const line of READING) {
    test(`${line} says that a file may not be read, and leaves nothing`, async () => {
      const before = await tracesAtRest();
      const places: Readonly<Record<string, string>> = { FILE: around.path('secret'), PATH: join(bpffs.path, 'new') };
      const words = line.split(' ').map((word) => places[word] ?? word);
      assert.equal(await asNobody(() => faultOf(words, /permission denied/)), undefined);
      await assertNoneLeft(before);
    });
  }

  for (const [line, sentence] of BAD_GLOBALS) {
    test(`${line} is refused`, async () => {
      const before = await tracesAtRest();
      const words = line.split(' ').map((word) => (word.startsWith('FILE:') ? around.path(word.slice(5)) : word));
      assert.equal(await faultOf(words, sentence), undefined);
      await assertNoneLeft(before);
    });
  }

  test('without privileges every command works, or says what is missing, and leaves nothing', async (t) => {
    const before = await tracesAtRest();
    const wrong: string[] = [];
    const worked = new Set<string>();
    for (const command of COMMANDS.filter(({ name }) => !ANY_WORDS.has(name))) {
      const words = [...command.name.split(' '), ...around.filled(command, linesOf(command)[0]!)];
      const fault = await asNobody(() => faultOf(words, MISSING));
      if (fault?.startsWith(TAKEN)) worked.add(command.name);
      else if (fault) wrong.push(`${words.join(' ')}: ${fault}`);
    }
    if (worked.size === COMMANDS.length) return t.skip('this system lets everyone use bpf(2)');
    assert.deepEqual(wrong, []);
    for (const name of WITHOUT_PRIVILEGES) assert.ok(worked.has(name), `${name} needs privileges`);
    await assertNoneLeft(before);
  });

  function badLines(command: NamedCommand): Bad[] {
    const lines = linesOf(command);
    const taken = new Set(lines.map((line) => textOf(line)));
    return [
      ...lines.flatMap((line) => line.flatMap((slot, i) => wrongAt(command, line, slot, i))),
      ...lines
        .filter((line) => !lines.some((longer) => goesOn(line, longer)) && !ENDLESS.has(textOf(line.slice(-1))))
        .map((line): Bad => [[...around.filled(command, line), 'too-much'], /too-much|more bytes than|can only be merged/]),
      ...lines
        .flatMap((line) => line.map((_, i) => line.slice(0, i)))
        .filter((line) => !taken.has(textOf(line)))
        .map((line): Bad => [around.filled(command, line), /./]),
    ];
  }

  /** Options without a value, and with one that does not fit. */
  function badOptions(command: NamedCommand): Bad[] {
    const line = around.filled(command, linesOf(command)[0]!);
    return ownOptions(command.record).flatMap(({ flags }): Bad[] => {
      const [, option, value] = /(--[\w-]+)(?: (<.*>|\[.*\]))?$/.exec(flags)!;
      if (value === undefined) return [];
      const bad = BAD_OPTIONS[`${command.name} ${option}`] ?? BAD_OPTIONS[option!];
      assert.ok(bad, `what does not fit for ${option} of '${command.name}' is not in test/support/bad-values/options.ts`);
      const without: Bad[] = value.startsWith('<') ? [[[...line, option!], /argument missing/]] : [];
      return [...without, ...bad.map(([words, sentence]): Bad => [[...line, option!, ...words], sentence])];
    });
  }

  /** The line with each value that does not fit at one of its places. */
  function wrongAt(command: NamedCommand, line: readonly Slot[], slot: Slot, at: number): Bad[] {
    const bad: readonly Bad[] =
      slot.kind === 'keyword' ? [[['nosuch'], /nosuch|expected .* got '/]] : around.valuesAt(command, line, at).bad;
    return bad.map(([words, sentence]) => [line.flatMap((_, i) => (i === at ? words : around.wordsAt(command, line, i))), sentence]);
  }

  /** What a refusal could leave behind. */
  function traces(): unknown {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal));
    return { descriptors: openBpfDescriptors(), pins: readdirSync(bpffs.path), files: readdirSync(around.folder), signals };
  }

  /** Of the command before there may be something on its way still. */
  async function tracesAtRest(): Promise<unknown> {
    await eventually(() => process.listenerCount('SIGINT') === 0);
    return traces();
  }

  /** Signals are held until the event loop has been round. */
  async function assertNoneLeft(before: unknown): Promise<void> {
    await eventually(() => isDeepStrictEqual(traces(), before));
    assert.deepEqual(traces(), before);
  }
});

/** Whether a word behind a line is taken for the value that comes next in a longer one. */
function goesOn(line: readonly Slot[], longer: readonly Slot[]): boolean {
  return longer[line.length]?.kind === 'value' && textOf(longer.slice(0, line.length)) === textOf(line);
}

const NOBODY = 65534;

/** Runs with the rights of a user that has none. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  process.setegid!(NOBODY);
  process.seteuid!(NOBODY);
  try {
    return await run();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

/** What is wrong with how a line is refused; undefined when nothing is. */
async function faultOf(words: string[], sentence: RegExp): Promise<string | undefined> {
  const plain = await inTime(words);
  if (plain.status === 0) return `${TAKEN}, and prints ${plain.out.slice(0, 200)}`;
  if (plain.out !== '') return `it prints ${plain.out.slice(0, 200)}`;
  const [, said] = /^Error: ([^\n]+)\n(Usage: [^\n]+\n)?$/.exec(plain.err) ?? [];
  if (said === undefined) return `no sentence: ${plain.err.slice(0, 500)}`;
  if (said.length > LONGEST_SENTENCE || /internal error|undefined|\[object|NaN/.test(said)) return `no good sentence: ${said}`;
  if (!sentence.test(said)) return `it does not say why: ${said}`;
  for (const option of ['-j', '--ndjson']) {
    const { status, out, err } = await inTime([option, ...words]);
    if (status !== plain.status || err !== '') return `with ${option} it ends with ${status}, and says ${err}`;
    if (out !== `${JSON.stringify({ error: said })}\n` && JSON.parse(out).error === undefined) return `with ${option}: ${out}`;
  }
  return undefined;
}

const LONG = emulated ? 100_000 : 10_000;

async function inTime(words: string[]): Promise<Captured> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Captured>((resolve) => {
    timer = setTimeout(() => resolve({ status: 0, out: 'nothing for long', err: '' }), LONG);
  });
  try {
    return await Promise.race([capture(words), late]);
  } finally {
    clearTimeout(timer);
  }
}
