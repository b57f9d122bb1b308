// What stands at each place of a command line in the tests of bad input: one value that fits, and those that do not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach } from '../../src/link/attach.js';
import type { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import type { BpfMap } from '../../src/map/map.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { type NamedCommand, type Slot, textOf } from './command-lines.js';
import { loadTestObject, type OwnBpffs, type OwnCgroup, testObjectPath } from './live.js';
import { makeMap } from './maps.js';

/** Words that stand at a place, and what is to be said of them. */
export type Bad = readonly [words: string[], sentence: RegExp];

export interface Values {
  readonly good: readonly string[];
  readonly bad: readonly Bad[];
}

const NO_FILE = /no such file or directory|there is no |there is nothing at/;
const id = (none: RegExp): Bad[] => [
  [['id'], /missing|is no id|with id [12]$/],
  [['id', 'x'], /'x' is no id/],
  [['id', '-1'], /'-1' is no id/],
  [['id', '4294967296'], /'4294967296' is no id/],
  [['id', '4294967295'], none],
  [['nosuch', '1'], /expected .*, got 'nosuch'/],
];
const pinned: Bad[] = [
  [['pinned'], /missing|there is nothing at|is not on a BPF file system/],
  [['pinned', '/nonexistent/pin'], NO_FILE],
  [['pinned', '/etc/hostname'], /\/etc\/hostname/],
  [['pinned', ''], /./],
];
const number = (most: string): Bad[] => [
  [['x'], /'x'/],
  [['-1'], /'?-1'?/],
  [[most], new RegExp(most)],
];

/** Where something else may be found out before. */
function alsoSaying({ good, bad }: Values, sentence: string): Values {
  return { good, bad: bad.map(([words, known]) => [words, new RegExp(`${known.source}|${sentence}`)]) };
}

/** What does not fit for options that take a value, by `COMMAND OPTION` or by the option alone. */
export const BAD_OPTIONS: Readonly<Record<string, readonly Bad[]>> = {
  '--filter': [
    [['name'], /'name' is no condition/],
    [['id>x'], /'x' is not a number/],
  ],
  '--sort': [],
  '--columns': [],
  '--interval': [[['soon'], /'soon' is no duration/]],
  '--limit': [
    [['x'], /'x'/],
    [['0'], /'0'/],
  ],
  '--flags': [[['nosuch'], /nosuch/]],
  'top --sort': [[['nosuch'], /nosuch/]],
  'top --filter': [],
  'prog show --for': [[['soon'], /soon|goes with --stats/]],
  '--as': [[['nosuch'], /nosuch/]],
  '--set': [
    [['nosuch=1'], /nosuch/],
    [['nosuch'], /nosuch/],
  ],
  '--only': [[['nosuch'], /nosuch/]],
  'events --type': [[['nosuch'], /nosuch|neither a ring buffer/]],
  '--type': [
    [['nosuch=xdp'], /nosuch/],
    [['xdp'], /xdp/],
  ],
  '--for': [
    [['soon'], /'soon' is no duration/],
    [['-1s'], /./],
    [['99999h'], /'99999h' is no duration/],
  ],
  '--dev': [[['nosuch'], /nosuch/]],
  '--mode': [[['nosuch'], /nosuch/]],
  '--cgroup': [[['/nonexistent'], /nonexistent|needs an interface/]],
  '--netns': [[['/nonexistent'], /nonexistent|needs an interface/]],
  '--pid': [
    [['x'], /'x' is no process id/],
    [['0'], /'0' is no process id/],
  ],
  '--cookie': [[['x'], /'x'/]],
  '--device': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--family': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--hook': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--route': [[['nosuch'], /nosuch|no program of the object|needs an interface/]],
  '--target-map': [[['nosuch'], /nosuch/]],
  '--target-prog': [
    [['nosuch'], /--target-prog takes NAME=VALUE, not 'nosuch'/],
    [['nosuch=id:1'], /no program named 'nosuch'/],
  ],
  '--attach': [
    [['nosuch'], /--attach takes NAME=VALUE, not 'nosuch'/],
    [['nosuch=xdp'], /no program named 'nosuch'/],
  ],
  '--socket': [
    [['nosuch'], /nosuch|no program of the object|needs an interface/],
    [['999999999:0'], /there is no process|no program of the object|needs an interface/],
  ],
};

/** Files and objects of the kernel for these tests. They end with it. */
export class Surroundings implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'bpf-ts-bad-'));
  /** test/progs/commands.bpf.c */
  readonly commands: LoadedObject = loadTestObject('commands');
  /** Before 5.16 there are none; a queue is peeked into just so. */
  readonly #peeked: BpfMap = isOlderThan('5.16') ? makeMap('QUEUE') : makeMap('BLOOM_FILTER', { valueSize: 4 });
  readonly #queue: BpfMap = makeMap('QUEUE');
  /** Keys of 4 bytes, values of 8. */
  readonly hash: BpfMap = makeMap('HASH');
  /** test/progs/dump.bpf.c */
  readonly dump: LoadedObject = loadTestObject('dump');
  /** Of the program `dissect`, in this network namespace. */
  readonly link: Link;
  readonly #values: Readonly<Record<string, Values>>;

  constructor(
    readonly bpffs: OwnBpffs,
    readonly cgroup: OwnCgroup,
  ) {
    const object = readFileSync(testObjectPath('commands'));
    this.#file('empty', new Uint8Array());
    this.#file('truncated', object.subarray(0, object.length / 2));
    this.#file('hostile', Buffer.concat([object.subarray(0, 16), Buffer.alloc(4096, 0xff)]));
    this.#file('text', 'no such command\n');
    mkdirSync(join(this.folder, 'directory'));
    this.#file('directory/full', '');
    const { program } = this.commands.programs[0]!;
    program.pin(join(bpffs.path, 'taken'));
    this.link = attach(this.commands.program('dissect')!, 'flow_dissector', { netns: '/proc/self/ns/net' }) as Link;
    this.#values = this.#allValues();
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  #file(name: string, bytes: string | Uint8Array): void {
    writeFileSync(this.path(name), bytes);
  }

  [Symbol.dispose](): void {
    this.commands[Symbol.dispose]();
    this.#queue[Symbol.dispose]();
    this.#peeked[Symbol.dispose]();
    this.hash[Symbol.dispose]();
    this.dump[Symbol.dispose]();
    this.link[Symbol.dispose]();
    rmSync(this.folder, { recursive: true });
  }

  /** A line with what fits at each of its places. */
  filled(command: NamedCommand, line: readonly Slot[]): string[] {
    return line.flatMap((_, i) => this.wordsAt(command, line, i));
  }

  wordsAt(command: NamedCommand, line: readonly Slot[], at: number): readonly string[] {
    const slot = line[at]!;
    return slot.kind === 'keyword' ? [slot.text] : this.valuesAt(command, line, at).good;
  }

  /** By what stands before it, by its command, or by itself. */
  valuesAt({ name }: NamedCommand, line: readonly Slot[], at: number): Values {
    const value = textOf([line[at]!]);
    const before = at === 0 ? '' : textOf([line[at - 1]!]);
    const values = this.#values;
    const found = values[`${name} ${before} ${value}`] ?? values[`${before} ${value}`] ?? values[`${name} ${value}`] ?? values[value];
    assert.ok(found, `what fits and what does not fit for ${value} of '${name}' is not in test/support/bad-values.ts`);
    return found;
  }

  /** What can stand for a value of a grammar, by `COMMAND VALUE` or by the value alone. */
  #allValues(): Readonly<Record<string, Values>> {
    const object: Values = { good: [testObjectPath('commands')], bad: [...this.#files(), [[this.path('text')], /ELF/]] };
    const types: Values = { good: [testObjectPath('commands')], bad: [...this.#files(), [[this.path('text')], /ELF|BTF/]] };
    const data: Values = {
      good: [this.path('text')],
      bad: [
        [['/nonexistent/in'], NO_FILE],
        [[this.path('directory')], /directory/],
      ],
    };
    const output: Values = {
      good: [this.path('out')],
      bad: [
        [['/nonexistent/out'], NO_FILE],
        [[this.path('directory')], /directory/],
      ],
    };
    const pin: Values = {
      good: [join(this.bpffs.path, 'new')],
      bad: [
        [[join(this.bpffs.path, 'taken')], /exists/],
        [[join(this.bpffs.path, 'nosuch', 'pin')], NO_FILE],
        [[this.path('directory')], /BPF file system|exists|bpffs/],
        [['/proc/pin'], /./],
      ],
    };
    const program: Values = {
      good: ['id', String(this.commands.programs[0]!.program.id)],
      bad: [
        ...id(/no program with id 4294967295/),
        ...pinned,
        [['name', 'no\u001b[2Jsuch'], /no program named 'no\\e\[2Jsuch'/],
        [['tag', 'xyz'], /a tag has 16 hex digits/],
        [['tag', '0000000000000000'], /no program with tag 0000000000000000/],
      ],
    };
    const map = (good: BpfMap): Values => ({
      good: ['id', String(good.id)],
      bad: [...id(/no map with id 4294967295/), ...pinned, [['name', 'nosuch'], /no map named 'nosuch'/]],
    });
    const link: Values = { good: ['id', String(this.link.info.id)], bad: [...id(/no link with id 4294967295/), ...pinned] };
    const cgroup: Values = {
      good: [this.cgroup.path],
      bad: [
        [['/nonexistent/cgroup'], NO_FILE],
        [['/etc/hostname'], /hostname/],
        [['/tmp'], /cgroup/],
      ],
    };
    const bytes: Bad[] = [
      [['1', '0', '0'], /byte/],
      [['1', '0', '0', '256'], /256/],
      [['1', '0', '0', 'x'], /'x'/],
      [['hex', '1', '0', '0', '100'], /100/],
      [[], /missing|byte/],
    ];
    const device: Values = {
      good: ['lo'],
      bad: [
        [['nosuch'], /nosuch/],
        [['a'.repeat(300)], /aaa/],
        [[''], /./],
      ],
    };
    return {
      PROG: program,
      MAP: map(this.hash),
      'map peek MAP': map(this.#peeked),
      'map push MAP': map(this.#queue),
      'map pop MAP': map(this.#queue),
      LINK: link,
      STRUCT_OPS_MAP: { good: ['name', 'nosuch'], bad: [...id(/4294967295/), [['name', 'nosuch'], /no struct_ops map named 'nosuch'/]] },
      CGROUP: cgroup,
      CGROUP_ROOT: cgroup,
      'graph CGROUP': alsoSaying(cgroup, 'nothing of BPF'),
      OBJECT: { good: ['prog'], bad: [[['nosuch'], /no command 'nosuch'/]] },
      'run COMMAND': { good: ['true'], bad: [[['/nonexistent/command'], /nonexistent|needs an interface/]] },
      ARG: { good: ['word'], bad: [] },
      COMMAND: { good: ['show'], bad: [[['nosuch'], /no command 'nosuch'/]] },
      DATA: { good: ['1', '0', '0', '0'], bad: bytes },
      VALUE: { good: ['1', '0', '0', '0', '0', '0', '0', '0'], bad: bytes },
      // By the types of an array of 64-bit numbers.
      'map lookup MAP': map(this.dump.map('totals')!),
      'map delete MAP': map(this.dump.map('totals')!),
      'map set MAP': map(this.dump.map('totals')!),
      // It has numbers for values.
      'map set KEY MAP': { good: ['2'], bad: [] },
      'map set KEY PROG': { good: ['2'], bad: [] },
      KEY: {
        good: ['1'],
        bad: [
          [['x'], /x/],
          [['-1'], /-1/],
          [['4294967296'], /4294967296/],
          [['{a: 1'], /./],
          [['{a: 1}'], /./],
        ],
      },
      TYPED: {
        good: ['2'],
        bad: [
          [['x'], /x|BTF/],
          [['18446744073709551616'], /18446744073709551616|BTF/],
        ],
      },
      SOURCE: {
        good: ['id', String(this.hash.id)],
        bad: [...map(this.hash).bad, [['file', '/nonexistent/file'], NO_FILE], [['file', this.path('text')], /text/]],
      },
      M: { good: ['0'], bad: number('4294967296') },
      'map export FILE': output,
      'map import FILE': {
        good: [this.path('text')],
        bad: [
          [['/nonexistent/in'], NO_FILE],
          [[this.path('directory')], /directory/],
          [[this.path('text')], /./],
          [[this.path('hostile')], /./],
        ],
      },
      SECONDS: {
        good: ['1'],
        bad: [
          [['x'], /'x'/],
          [['99999999999'], /99999999999/],
        ],
      },
      UPDATE_FLAGS: { good: ['any'], bad: [[['nosuch'], /'nosuch'/]] },
      'batch FILE': {
        good: [this.path('text')],
        bad: [
          [['/nonexistent/in'], NO_FILE],
          [[this.path('directory')], /directory/],
        ],
      },
      'prog dump FILE': output,
      'data_in FILE': data,
      'ctx_in FILE': data,
      'prog run FILE': alsoSaying(output, 'more data came out|does not take'),
      'prog pin FILE': pin,
      'map pin FILE': pin,
      'link pin FILE': pin,
      'link attach FILE': pin,
      'btf dump FILE': types,
      'btf show FILE': types,
      'btf show KIND': { good: ['struct'], bad: [[['nosuch'], /where the types are/]] },
      'btf show KIND NAME': { good: ['list_head'], bad: [[['list_haed'], /no struct list_haed in .*did you mean/]] },
      'btf show NAME': {
        good: ['int'],
        bad: [
          [['no_such_type'], /no type no_such_type/],
          [['[z-a]*'], /no pattern/],
        ],
      },
      'btf show MODULE': {
        good: ['vmlinux'],
        bad: [
          [['nosuch'], /no types of a module 'nosuch'/],
          [['../btf/vmlinux'], /no types of a module/],
        ],
      },
      'gen ts FILE': { ...object, good: [testObjectPath('ring-buffer')] },
      FILE: object,
      'kernel_btf FILE': types,
      OBJ: { ...object, good: [testObjectPath('dump')] },
      'iter pin OBJ': { ...object, good: [testObjectPath('hooks-iter')] },
      'prog load name NAME': { good: ['totals'], bad: [[['nosuch'], /no map named 'nosuch'/]] },
      'prog loadall name NAME': { good: ['totals'], bad: [[['nosuch'], /no map named 'nosuch'/]] },
      'prog load MAP': map(this.dump.map('totals')!),
      'prog loadall MAP': map(this.dump.map('totals')!),
      // A device that takes no programs is found out first.
      'prog load PATH': alsoSaying(pin, 'not supported'),
      'prog loadall PATH': alsoSaying(pin, 'not supported|not a directory'),
      'map create FILE': alsoSaying(pin, 'not supported'),
      'offload_dev NAME': device,
      'xdpmeta_dev NAME': device,
      'idx N': { good: ['0'], bad: [...number('4294967296'), [['99'], /99/]] },
      'btf dump MAP': map(this.dump.map('totals')!),
      'btf show MAP': map(this.dump.map('totals')!),
      PATH: pin,
      INPUT: object,
      'gen object OUTPUT': alsoSaying(output, 'defines it too'),
      'gen min_core_btf INPUT': types,
      'gen min_core_btf OBJECT': object,
      OUTPUT: output,
      OBJECT_NAME: { good: ['name'], bad: [] },
      DIR: { good: [join(this.bpffs.path, 'dir')], bad: [[[this.path('text')], /text/]] },
      LINK_DIR: { good: [join(this.bpffs.path, 'links')], bad: [[[this.path('text')], /./]] },
      N: { good: ['1'], bad: number('4294967296') },
      KEY_SIZE: { good: ['4'], bad: number('4294967296') },
      VALUE_SIZE: { good: ['8'], bad: number('4294967296') },
      MAX_ENTRIES: { good: ['1'], bad: [...number('4294967296'), [['0'], /./]] },
      FLAGS: { good: ['0'], bad: [...number('4294967296'), [['0x80000000'], /./]] },
      'map create NAME': { good: ['name'], bad: [[['a b'], /a b/]] },
      'dev NAME': device,
      TYPE: { good: ['xdp'], bad: [[['nosuch'], /nosuch/]] },
      'map create TYPE': {
        good: ['hash'],
        bad: [
          [['nosuch'], /nosuch/],
          [['has'], /'has'/],
        ],
      },
      'gen ts MAP': { good: ['events'], bad: [[['nosuch'], /nosuch/]] },
      'gen ts TYPE': { good: ['u64'], bad: [[['nosuch'], /nosuch/]] },
      ATTACH_TYPE: { good: ['sk_msg_verdict'], bad: [[['nosuch'], /nosuch/]] },
      'cgroup attach ATTACH_TYPE': { good: ['cgroup_device'], bad: [[['nosuch'], /nosuch/]] },
      'cgroup detach ATTACH_TYPE': { good: ['cgroup_device'], bad: [[['nosuch'], /nosuch/]] },
      'net attach ATTACH_TYPE': { good: ['xdp'], bad: [[['nosuch'], /nosuch/]] },
      'net detach ATTACH_TYPE': { good: ['xdp'], bad: [[['nosuch'], /nosuch/]] },
      HOOK: {
        good: ['tcx/ingress'],
        bad: [
          [['nosuch'], /nosuch/],
          [['xdp/'], /xdp/],
          [[''], /./],
        ],
      },
      TARGET: {
        good: ['dev', 'lo'],
        bad: [
          [['dev', 'nosuch'], /nosuch/],
          [['cgroup', '/nonexistent'], /nonexistent/],
        ],
      },
      WORD: {
        good: ['dev', 'lo'],
        bad: [
          [['nosuch'], /nosuch/],
          [['cookie', 'x'], /'x'/],
          [['priority', '99999999999'], /./],
        ],
      },
      COMPONENT: {
        good: ['kernel'],
        bad: [
          [['dev', 'nosuch'], /nosuch/],
          [['nosuch'], /nosuch/],
        ],
      },
      PREFIX: { good: ['P_'], bad: [] },
      GROUP: { good: ['helpers'], bad: [[['nosuch'], /nosuch/]] },
    };
  }

  #files(): Bad[] {
    return [
      [['/nonexistent/file'], NO_FILE],
      [[this.path('directory')], /directory/],
      [['/dev/zero'], /\/dev\/zero/],
      [[this.path('empty')], /empty/],
      [[this.path('truncated')], /truncated/],
      [[this.path('hostile')], /hostile/],
    ];
  }
}
