// What asks the kernel for nothing, held against the reference: for an executable of another architecture, which an emulator runs, this is what can be.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { main } from '../../commands/main.js';
import { FOLLOWED } from '../support/agree.js';
import { capture, executable, memoryStreams } from '../support/capture.js';
import { allCommands } from '../support/command-lines.js';
import { testObjectPath } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';
import { writeBrokenFiles } from './broken-files.js';
import { FAILING } from './failures.js';
import { OTHER_STATUS } from './faults.js';

const skip = noReference || (referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with');
const FORMS = [[], ['-j'], ['-p']];
const OBJECTS = ['dump', 'values', 'gen-types', 'declarations', 'load-core', 'hooks-net'];
const BUILTINS = ['prog_types', 'map_types', 'attach_types', 'link_types', 'helpers'];
/** Lines that fail by their files or words alone. */
const OF_FILES = /^(-B \S+ )?(btf dump (file|nosuch)|gen |feature list_builtins|batch)|^nosuchcommand|^\w+ nosuch$|^--nosuch/;
/** Words that stand for something in the kernel. */
const OF_KERNEL = /\{(?!files|object|small|refused)\w+\}|batch file \{files\}\/failing/;

describe('what is read from files', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpf-ts-files-'));
  before(() => {
    writeBrokenFiles(folder);
    for (const who of ['ours', 'theirs']) mkdirSync(join(folder, who));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const name of OBJECTS) {
    test(`the types of ${name}`, async () => {
      const file = ['btf', 'dump', 'file', testObjectPath(name)];
      const lines = [
        ...FORMS.flatMap((form) => [
          [...form, ...file],
          [...form, ...file, 'root_id', '2'],
        ]),
        ...[[], ['unsorted'], ['root_id', '2']].map((more) => [...file, 'format', 'c', ...more]),
      ];
      for (const line of lines) assert.equal((await capture(line)).out, runReference(line).out, line.join(' '));
    });
  }

  test('names that are built in', async () => {
    for (const name of BUILTINS)
      for (const form of FORMS) {
        const line = [...form, 'feature', 'list_builtins', name];
        assert.equal((await capture(line)).out, runReference(line).out, line.join(' '));
      }
  });

  test('types that were reduced, and objects that were linked', async () => {
    const made: string[][] = [];
    for (const who of ['ours', 'theirs']) {
      const run = who === 'ours' ? capture : (line: readonly string[]) => Promise.resolve(runReference(line));
      const [types, object] = [join(folder, who, 'types'), join(folder, who, 'object.o')];
      assert.equal((await run(['gen', 'object', object, testObjectPath('gen-link-main'), testObjectPath('gen-link-lib')])).status, 0);
      assert.equal((await run(['gen', 'min_core_btf', testObjectPath('gen-core'), types, testObjectPath('gen-core')])).status, 0);
      made.push([types, object].map((file) => runReference(['btf', 'dump', 'file', file, 'format', 'c']).out));
    }
    assert.deepEqual(made[0], made[1]);
  });

  test('what fails ends with the same status', async () => {
    const purpose = new Set(Object.values(OTHER_STATUS).flat());
    const words: Readonly<Record<string, string>> = {
      files: folder,
      object: testObjectPath('dump'),
      small: testObjectPath('gen-core'),
      refused: testObjectPath('refused'),
    };
    const lines = Object.values(FAILING)
      .flat()
      .filter((line) => OF_FILES.test(line) && !OF_KERNEL.test(line) && !purpose.has(line));
    assert.ok(lines.length > 70, String(lines.length));
    for (const line of lines) {
      const args = line.replace(/\{(\w+)\}/g, (_, name: string) => words[name]!).split(' ');
      const { status, err } = await capture(args);
      assert.equal(status, runReference(args).status, `${line}: ${err}`);
    }
  });
});

describe('the executable that $BPF_TS names', { skip: executable.length === 0 && 'needs $BPF_TS' }, () => {
  async function compiled(args: readonly string[]): Promise<string> {
    const streams = memoryStreams();
    await main(args, streams);
    return streams.out.text;
  }

  test('has the help, completions and schemas of what the tests compiled', async () => {
    const commands = await allCommands();
    const lines = [
      ['help'],
      ...commands.map(({ name }) => ['help', ...name.split(' ')]),
      ...['bash', 'zsh', 'fish'].map((shell) => ['completion', shell]),
      ['help', 'prog', 'show', '--schema'],
      ['help', 'prog', '--as', 'man'],
    ];
    for (const line of lines) assert.equal((await capture(line)).out, await compiled(line), line.join(' '));
  });
});
