// The same hook in every way that attaches programs: the library's attach(), `link attach` and `run`. Each is to make the program run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { hookForSection } from '../../src/hook/all.js';
import { attach, placeText } from '../../src/link/attach.js';
import type { TargetWords } from '../../src/link/target.js';
import { load } from '../../src/load/load.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { setGlobalTexts } from '../../src/object/globals.js';
import { parseObject } from '../../src/object/parse.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { Program } from '../../src/program/program.js';
import { isBuiltWithout } from '../../src/system/kernel-config.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { whileAttached } from './command-while.js';
import { tell, type Way } from './hook-notes.js';
import { eventually, openBpfDescriptors, testObjectPath } from './live.js';

const ATTACHING = ['library', 'link attach', 'run'] as const;

/** A hook, and how to see that it works. */
export interface HookCase {
  /** The program of the object; its section is the hook. */
  readonly program: string;
  /** What it is attached to, where its section does not say all of that. */
  readonly hook?: () => string;
  /** Where to attach, beside what the section says. */
  readonly words?: (object: LoadedObject) => TargetWords;
  /** Options of `run` that say the same. */
  readonly options?: () => readonly string[];
  /** Does what the program is to see, again and again until it has run. `place` is what it was attached to, in words. */
  readonly fire: (place: string) => unknown;
  /** The first kernel on which it can be tested, and why not on those before. */
  readonly from?: readonly [since: string, reason: string];
  /** Ways that are not for it, and why. */
  readonly not?: Partial<Record<Way, string>>;
  /** Takes away what `link attach` leaves where the kernel has no link. */
  readonly clean?: () => unknown;
}

/** What all cases of an object share. */
export interface Group {
  /** The object in test/progs. */
  readonly object: string;
  readonly skip: string | false;
  /** First values of its variables. */
  readonly globals?: readonly (readonly [name: string, value: string])[];
}

/** Tests every case in every way. A kernel that lacks it has to refuse it with the kernel, or the option, that has it. */
export function testEveryWay(group: Group, cases: readonly HookCase[]): void {
  const path = testObjectPath(group.object);
  const spec = setGlobalTexts(parseObject(readFileSync(path), { name: path }), group.globals ?? []);
  describe(`programs of ${group.object} in every way to attach them`, { skip: group.skip }, () => {
    after(() => assert.equal(openBpfDescriptors(), 0));
    for (const each of cases) for (const way of ATTACHING) testWay(group, spec, each, way);
  });
}

function testWay(group: Group, spec: ObjectSpec, each: HookCase, way: (typeof ATTACHING)[number]): void {
  const { section } = spec.programs.find(({ name }) => name === each.program)!;
  const { hook, section: known } = hookForSection(section)!;
  const since = known.since ?? hook.since;
  const note = { section: known.name.replace(/\+$/, ''), since, way };
  test(`${section} by ${way}: the program runs`, async (context) => {
    const reason = each.from && isOlderThan(each.from[0]) ? each.from[1] : each.not?.[way];
    if (reason !== undefined) return tell(context, { ...note, outcome: 'not tested', reason });
    const refusal = await new Attempt(group, spec, each)[way]();
    const lacking = isOlderThan(since)
      ? `needs ${since}`
      : hook.config && isBuiltWithout(hook.config)
        ? `built without CONFIG_${hook.config}`
        : undefined;
    if (lacking === undefined) {
      assert.equal(refusal, undefined);
      return tell(context, { ...note, outcome: 'fires' });
    }
    assert.ok(refusal?.includes(`not supported by this kernel (${lacking}, this is `), refusal ?? 'it runs');
    return tell(context, { ...note, outcome: 'not supported', ...(lacking.startsWith('built') && { reason: lacking }) });
  });
}

/** Attaches a program, each time in another way, and lets it run. What was said when it was refused is the result. */
class Attempt {
  readonly #slot: number;

  constructor(
    readonly group: Group,
    readonly spec: ObjectSpec,
    readonly each: HookCase,
  ) {
    this.#slot = spec.programs.findIndex(({ name }) => name === each.program);
  }

  get #hook(): string {
    return this.each.hook?.() ?? this.spec.programs[this.#slot]!.section;
  }

  async library(): Promise<string | undefined> {
    return this.#loaded(async (object) => {
      const program = object.program(this.each.program)!;
      const words = this.each.words?.(object) ?? {};
      using _attached = attach(program, this.#hook, words);
      await this.#assertRuns(program.id, placeText(this.#hook, words));
      return undefined;
    });
  }

  async 'link attach'(): Promise<string | undefined> {
    return this.#loaded(async (object) => {
      const { id } = object.program(this.each.program)!;
      const place = placeText(this.#hook, this.each.words?.(object) ?? {});
      try {
        return await whileAttached(['link', 'attach', 'id', `${id}`, ...place.split(' ')], () => this.#assertRuns(id, place));
      } finally {
        this.each.clean?.();
      }
    });
  }

  async run(): Promise<string | undefined> {
    const set = (this.group.globals ?? []).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const hook = this.each.hook ? ['--attach', `${this.each.program}=${this.each.hook()}`] : [];
    const options = ['--only', this.each.program, ...set, ...hook, ...(this.each.options?.() ?? [])];
    return whileAttached(['-j', 'run', testObjectPath(this.group.object), ...options], async (out) => {
      const [, id, place] = /"prog_id":(\d+),"attached_to":"([^"]*)"/.exec(out)!;
      await this.#assertRuns(Number(id), place!);
    });
  }

  async #loaded(act: (object: LoadedObject) => Promise<string | undefined>): Promise<string | undefined> {
    try {
      using object = load(this.spec, { only: [this.each.program] });
      return await act(object);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return String(error);
    }
  }

  async #assertRuns(id: number, place: string): Promise<void> {
    const ran = await eventually(() => {
      this.each.fire(place);
      return runsOf(id, this.#slot) > 0n;
    });
    assert.ok(ran, 'the program runs');
  }
}

/** How often a program ran that was made with count.h, wherever it was loaded. */
function runsOf(id: number, slot: number): bigint {
  using program = Program.fromId(id);
  for (const mapId of program.info.mapIds) {
    using map = BpfMap.fromId(mapId);
    if (map.info.name !== 'counts') continue;
    return new DataView(map.lookup(new Uint8Array(new Uint32Array([slot]).buffer))!.buffer).getBigUint64(0, true);
  }
  throw new Error(`program ${id} does not count`);
}
