// What every command prints with -j, on this kernel, against the schema that is published of it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { errorSchema, outputOf, SCHEMA_VERSION, schemaFile } from '../../commands/schemas/all.js';
import type { Schema } from '../../src/format/schema.js';
import { attach } from '../../src/link/attach.js';
import type { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { Surroundings } from '../support/bad-values/surroundings.js';
import { capture } from '../support/capture.js';
import { allCommands, linesOf, type NamedCommand } from '../support/command-lines.js';
import { someOf } from '../support/guest.js';
import { loadTestObject, noCgroup, OwnBpffs, OwnCgroup, ownNetwork, testObjectPath } from '../support/live.js';
import { ajv, SchemaCheck, schemaOf } from '../support/schema-check.js';
import { tool } from '../support/tool.js';

/** What makes a command end that goes on until it is stopped. */
const ENDING: Readonly<Record<string, readonly string[]>> = {
  'link attach': ['--for', '20ms'],
  run: ['--for', '20ms', '--dump'],
  top: ['--once', '--interval', '20ms'],
  watch: ['--for', '150ms'],
  'map watch': ['--for', '20ms', '--interval', '10ms'],
};
/** Commands that take ten seconds a line where instructions are emulated, and of how many lines one is tried there. */
const SLOW: Readonly<Record<string, number>> = { 'btf dump': 8, 'feature probe': 5 };
/** What older kernels cannot do at all. */
const SINCE: Readonly<Record<string, string>> = { 'prog tracelog': '6.17' };
/** Commands that print what happens: test/live/stream-schemas.test.ts. */
const ELSEWHERE = new Set(['events', 'map event_pipe', 'prog profile']);
/** What gives privileges up for good has to have a process of its own. */
const inProcess = (...words: string[]) => capture(words);
/** `map lookup` of a key that is not there. */
const NOT_THERE = 254;

const COMMANDS = await allCommands();
/** Those that end by themselves, or by `ENDING`, and print JSON. */
const WITH_SCHEMA = await withSchema();

test('every command has a schema, but for those that print no JSON', async () => {
  const lacking: string[] = [];
  for (const { name } of COMMANDS) if (!(await outputOf(name))) lacking.push(name);
  assert.deepEqual(lacking, []);
});

test('the schemas in schemas/ are those of the commands, and are valid (npm run docs writes them anew)', async () => {
  const folder = new URL(`../../../schemas/v${SCHEMA_VERSION}/`, import.meta.url);
  const expected = new Map([[schemaFile('error'), errorSchema()]]);
  for (const command of COMMANDS) {
    const schema = await schemaOf(command.name);
    if (schema) expected.set(schemaFile(command.name), schema);
  }
  assert.deepEqual(readdirSync(folder).sort(), [...expected.keys()].sort());
  for (const [file, schema] of expected) {
    assert.deepEqual(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), schema, file);
    assert.ok(ajv.validateSchema(schema), `${file}: ${ajv.errorsText()}`);
  }
});

test('help shows the schema of a command', async () => {
  const { status, out } = await capture(['help', 'prog', 'show', '--schema']);
  assert.equal(status, 0);
  assert.equal((JSON.parse(out) as Schema).$id, `urn:bpf-ts:schema:${SCHEMA_VERSION}:prog-show`);
  assert.equal((await capture(['help', '--schema', 'prog'])).out, out);
  assert.match((await capture(['help', 'gen', 'skeleton', '--schema'])).err, /gen skeleton prints C/);
  assert.match((await capture(['help', '--schema'])).err, /--schema is of one command/);
});

async function withSchema(): Promise<{ command: NamedCommand; schema: Schema }[]> {
  const found = [];
  for (const command of COMMANDS) {
    const schema = ELSEWHERE.has(command.name) ? undefined : await schemaOf(command.name);
    if (schema) found.push({ command, schema });
  }
  return found;
}

describe('output with -j', { skip: noCgroup }, () => {
  let around: Surroundings;
  let bpffs: OwnBpffs;
  let cgroup: OwnCgroup;
  let hooks: LoadedObject;
  let link: Link;
  let lines: Readonly<Record<string, readonly string[]>>;

  before(async () => {
    ownNetwork();
    bpffs = new OwnBpffs();
    cgroup = new OwnCgroup();
    around = new Surroundings(bpffs, cgroup);
    hooks = loadTestObject('hooks-cgroup');
    // The one of `around` is detached by the test of `link detach`.
    link = attach(hooks.program('connect4')!, 'cgroup/connect4', { cgroup: cgroup.path }) as Link;
    lines = await moreLines();
  });
  after(() => {
    around[Symbol.dispose]();
    link[Symbol.dispose]();
    hooks[Symbol.dispose]();
    cgroup[Symbol.dispose]();
    bpffs[Symbol.dispose]();
  });

  for (const { command, schema } of WITH_SCHEMA) {
    test(`${command.name} prints what its schema says`, async () => {
      const check = new SchemaCheck(command.name, schema);
      let [printed, said] = [0, ''];
      const all = linesFor(command);
      for (const words of someOf(all, SLOW[command.name] ?? 1)) {
        const run = words.includes('unprivileged') ? tool : inProcess;
        const { status, out } = await run('-j', ...words);
        clean();
        if (status !== 0) said = out;
        if ((status !== 0 && status !== NOT_THERE) || out.startsWith('{"error":')) {
          // What fails in the middle ends its array with the error.
          if (out.startsWith('[')) check.whole(out, words.join(' '));
          else check.error(out, words.join(' '));
          continue;
        }
        printed++;
        check.whole(out, words.join(' '));
        const rows = await run('--ndjson', ...words);
        clean();
        if (rows.status === status) check.lines(rows.out, words.join(' '));
      }
      const lacks = isOlderThan(SINCE[command.name] ?? '0') && said.includes('not supported by this kernel');
      assert.ok(printed > 0 || lacks, `no line of it works here: give one in this test (${said})`);
    });
  }

  /** Lines of the grammar with what fits, and those that need more than that. */
  function linesFor(command: NamedCommand): readonly (readonly string[])[] {
    const own = lines[command.name] ? [[...command.name.split(' '), ...lines[command.name]!]] : [];
    const made = linesOf(command).map((line) => [...command.name.split(' '), ...around.filled(command, line)]);
    // Nothing comes of the trace pipe by itself.
    const waiting = command.name === 'prog tracelog';
    return [...own, ...(waiting ? made.slice(1) : made)].map((words) => [...words, ...(ENDING[command.name] ?? [])]);
  }

  /** What the good values of the grammar do not fit together for. A command that undoes another comes after it. */
  async function moreLines(): Promise<Readonly<Record<string, readonly string[]>>> {
    const { commands, dump, hash } = around;
    const id = (of: { readonly id: number } | undefined) => ['id', String(of!.id)];
    const message = [...id(commands.program('pass_message')), 'sk_msg_verdict', ...id(commands.map('sockets'))];
    const batch = around.path('commands');
    writeFileSync(batch, 'version\nhelp\n');
    const exported = around.path('exported');
    assert.equal((await capture(['map', 'export', ...id(dump.map('totals')), exported])).status, 0);
    const attached = [cgroup.path, 'cgroup_inet4_connect', ...id(hooks.program('connect4'))];
    const value = ['value', ...'10000000'];
    return {
      batch: ['file', batch],
      'prog attach': message,
      'prog detach': message,
      'map update': [...id(hash), 'key', '1', '0', '0', '0', ...value],
      'map getnext': id(dump.map('totals')),
      'map delete': [...id(hash), 'key', '1', '0', '0', '0'],
      'map import': [...id(dump.map('totals')), exported],
      'link attach': [...id(hooks.program('skb_out')), 'cgroup_skb/egress', cgroup.path],
      'link update': [...id(link.info), ...id(hooks.program('connect4'))],
      'cgroup attach': [...attached, 'multi'],
      'cgroup show': [cgroup.path],
      'cgroup detach': attached,
      'net attach': ['xdpgeneric', ...id(dump.programs[0]!.program), 'dev', 'lo', 'overwrite'],
      'struct_ops register': [testObjectPath('struct-ops-said')],
      'struct_ops show': ['name', 'said'],
      'struct_ops dump': ['name', 'said'],
      'struct_ops unregister': ['name', 'said'],
      run: [testObjectPath('run'), '--dev', 'lo'],
    };
  }

  /** Pins and files that a line has made are in the way of the next. */
  function clean(): void {
    rmSync(join(bpffs.path, 'new'), { recursive: true, force: true });
  }
});
