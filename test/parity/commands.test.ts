// Both tools run the same lines on the same live objects, in plain text, JSON and pretty JSON; what may differ stands in one list.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { FOLLOWED } from '../support/agree.js';
import { capture } from '../support/capture.js';
import { noCgroup, noRoot, openBpfDescriptors } from '../support/live.js';
import { noReference, referenceVersion, runReference } from '../support/reference.js';
import { FAILURES, LINES, type Lines, NOT_COMPARED } from './commands.js';
import { FAULTS, type Fault, type Printed } from './faults.js';
import { LiveState, noArena } from './state.js';

const FORMS = ['', '-j', '-p'];
/** Every object of bpftool 7.8 with its commands. */
const OBJECTS: Readonly<Record<string, string>> = {
  prog: 'show list dump pin load loadall attach detach tracelog run profile',
  map: 'show list create dump update lookup getnext delete pin event_pipe peek push enqueue pop dequeue freeze',
  link: 'show list pin detach',
  cgroup: 'show tree attach detach',
  net: 'show list attach detach',
  perf: 'show',
  btf: 'show dump',
  feature: 'probe list_builtins',
  gen: 'object skeleton subskeleton min_core_btf',
  struct_ops: 'show dump register unregister',
  iter: 'pin',
  token: 'show',
  batch: 'file',
};

test('every command is compared, or there is a reason', () => {
  const lines = LINES.flat().map((line) => line.replace(/^(-\w )+/, ''));
  const missing = Object.entries(OBJECTS)
    .flatMap(([object, names]) => names.split(' ').map((name) => `${object} ${name}`))
    .filter((name) => !(name in NOT_COMPARED) && !lines.some((line) => `${line} `.startsWith(`${name} `)));
  assert.deepEqual(missing, []);
});

const skip = noRoot || noReference || noCgroup || (referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with');

test('version has every field of the reference, of its type', {
  skip: noReference || (referenceVersion < FOLLOWED && 'needs bpftool 7.8 to compare with'),
}, async () => {
  const [ours, theirs] = [JSON.parse((await capture(['-j', 'version'])).out), JSON.parse(runReference(['-j', 'version']).out)];
  const types = (fields: object) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value]));
  assert.deepEqual({ ...types(ours), ...types(theirs) }, types(ours));
  assert.deepEqual(types(ours.features), types(theirs.features));
  assert.deepEqual([ours.bpftool_version, ours.libbpf_version], [theirs.version, theirs.libbpf_version]);
});

describe('the same lines', { skip }, () => {
  let state: LiveState;
  const used = new Set<Fault>();

  before(() => {
    state = new LiveState();
    writeFileSync(
      state.file('batch'),
      `prog show id ${state.words('x').prog}\n# nothing\nmap lookup id ${state.words('x').map} key 1 0 0 0\n`,
    );
  });

  after(() => {
    state[Symbol.dispose]();
    assert.equal(openBpfDescriptors(), 0);
  });

  for (const lines of LINES) {
    const needsArena = lines.some((line) => line.includes('{arena'));
    test(lines[0]!.length > 60 || lines.length > 1 ? `${lines[0]} ...` : lines[0]!, { skip: needsArena && noArena }, async () => {
      for (const form of formsOf(lines)) {
        const ours = await runAll(lines, `ours${form}`, form, capture);
        const theirs = await runAll(lines, `theirs${form}`, form, (args) => Promise.resolve(runReference(args)));
        for (const [index, line] of lines.entries())
          compare(`${form} ${line}`, line.replace(/^(-\w )+/, ''), ours[index]!, theirs[index]!, used);
      }
    });
  }

  test('every fault in the list is still one', () => {
    const unused = FAULTS.filter(
      (fault) => !used.has(fault) && !(fault.fixedIn !== undefined && referenceVersion >= fault.fixedIn) && !fault.elsewhere,
    );
    assert.deepEqual(
      unused.map(({ reason }) => reason),
      [],
    );
  });

  async function runAll(lines: Lines, who: string, form: string, run: (args: string[]) => Promise<Printed>): Promise<Printed[]> {
    const words = state.words(who);
    const printed: Printed[] = [];
    for (const line of lines) {
      const args = [...(form ? [form] : []), ...line.replace(/\{(\w+)\}/g, (_, name: string) => String(words[name])).split(' ')];
      const { status, out } = await run(args);
      printed.push({ status, out: comparable(out, line, who) });
    }
    return printed;
  }

  /** Of lists only what is ours; and what each tool made for itself by names that are the same. */
  function comparable(out: string, line: string, who: string): string {
    const [, kind] = /^(?:-f )?(prog|map|link|btf) (?:show|list)$/.exec(line) ?? [];
    const own = kind ? onlyOurs(out, state.ids[kind as keyof typeof state.ids]) : line === 'perf show' ? onlyPid(out) : out;
    return line.includes('{who}') || line.startsWith('struct_ops ')
      ? NUMBERS_OF_EACH.reduce((text, [pattern, by]) => text.replace(pattern, by), own.replaceAll(who, 'WHO'))
      : own;
  }
});

/** C and graphs are no JSON; of an error the pretty form says no more. */
function formsOf(lines: Lines): readonly string[] {
  const [line] = lines as [string];
  if (/ format c| visual| macros/.test(line)) return [''];
  return FAILURES.includes(line) ? ['', '-j'] : FORMS;
}

/** Ids and times of what each tool made for itself. */
const NUMBERS_OF_EACH: readonly (readonly [RegExp, string])[] = [
  [/"?map_ids"?:? ?(\[[^\]]*\]|[\d,]+)/g, 'map_ids N'],
  [/\b(id|prog|prog_id|map_id|btf_id|link_id|loaded_at)("?:? {0,2})[\dT:+-]+/g, '$1$2N'],
  [/^\d+(?=: )/gm, 'N'],
];

function onlyOurs(out: string, ids: ReadonlySet<number>): string {
  if (out.startsWith('['))
    return elements(out)
      .filter((text) => ids.has(Number(/"id": ?(\d+)/.exec(text)?.[1])))
      .join(',');
  return out
    .split(/^(?=\d+: )/m)
    .filter((text) => ids.has(Number.parseInt(text, 10)))
    .join('');
}

function onlyPid(out: string): string {
  if (out.startsWith('['))
    return elements(out)
      .filter((text) => new RegExp(`"pid": ?${process.pid}\\b`).test(text))
      .join(',');
  return out
    .split(/^/m)
    .filter((text) => text.startsWith(`pid ${process.pid} `))
    .join('');
}

/** The texts of a JSON array's elements. */
function elements(text: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 1];
  for (const { 0: piece, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    if (piece === '[' || piece === '{') depth += 1;
    else if (piece === ']' || piece === '}') depth -= 1;
    if ((depth === 1 && piece === ',') || depth === 0) {
      found.push(text.slice(from, index).trim());
      from = index + 1;
    }
  }
  return found;
}

/** Fails when two outcomes differ in what no fault names. */
function compare(name: string, line: string, ours: Printed, theirs: Printed, used: Set<Fault>): void {
  let [left, right, sameStatus] = [ours.out, theirs.out, true];
  if (left === right && ours.status === theirs.status) return;
  for (const fault of FAULTS.filter((fault) => fault.command.test(line) && (fault.when?.(theirs) ?? true))) {
    const [a, b] = fault.without ? [fault.without(left), fault.without(right)] : ['', ''];
    if (a !== left || b !== right || (fault.status && ours.status !== theirs.status)) used.add(fault);
    [left, right] = [a, b];
    if (fault.status) sameStatus = false;
  }
  assert.equal(left, right, name);
  if (sameStatus) assert.equal(ours.status, theirs.status, `status of ${name}`);
}
