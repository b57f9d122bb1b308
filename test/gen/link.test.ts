import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Instructions } from '../../src/asm/instructions.js';
import type { BtfDatasec, BtfFunc } from '../../src/btf/types.js';
import { Elf } from '../../src/elf/elf.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { parseObject } from '../../src/object/parse.js';
import type { Relocation } from '../../src/object/spec.js';

const source = (name: string) => ({ what: name, bytes: readFileSync(`test/progs/${name}.bpf.o`) });
const main = source('gen-link-main');
const library = source('gen-link-lib');
const linked = linkObjects([main, library]);
const spec = parseObject(linked, { name: 'linked' });
const btf = spec.btf!;
const elf = Elf.parse(linked);
const symbol = (name: string) => [...elf.symbols!.named(name)][0]!;

test('sections of the same name are put behind each other', () => {
  assert.deepEqual(
    spec.programs.map(({ name, section }) => [section, name]),
    [
      ['raw_tp/sys_enter', 'on_enter'],
      ['raw_tp/sys_enter', 'on_enter_too'],
      ['raw_tp/sys_exit', 'on_exit'],
    ],
  );
  assert.deepEqual(
    spec.maps.filter(({ section }) => section !== '.rodata.cst16').map(({ name, maxEntries }) => [name, maxEntries]),
    [
      ['own', 2],
      ['shared', 8],
      ['linked.data', 1],
      ['linked.rodata', 1],
      ['linked.bss', 1],
      ['linked.kconfig', 1],
    ],
  );
});

test('externs become what another object defines, others stay', () => {
  const externs = [...elf.symbols!].filter(({ sectionIndex }) => sectionIndex === 0).map(({ name }) => name);
  assert.deepEqual(externs.sort(), ['CONFIG_HZ', 'bpf_prog_put']);
  assert.deepEqual(spec.externs.map(({ name }) => name).sort(), ['CONFIG_HZ', 'bpf_prog_put']);
  // A weak extern that something defines is strong: 1 is global, 2 weak.
  assert.equal(symbol('other_total').binding, 1);
});

test('of a weak and a strong function the strong one is called', () => {
  const chosen = symbol('chosen');
  const calls = spec.programs.find(({ name }) => name === 'on_enter_too')!.relocations.filter(({ kind }) => kind === 'call');
  const text = elf.section('.text')!.bytes;
  assert.deepEqual(
    calls.map((call) => 'offset' in call && call.offset),
    [chosen.value],
  );
  // Both add a constant to their argument; the strong one adds 2.
  const add = text
    .subarray(chosen.value, chosen.value + chosen.size)
    .findIndex((byte, at) => at % 8 === 0 && (byte === 0x04 || byte === 0x07));
  assert.equal(text[chosen.value + add + 4], 2);
});

test('static functions and variables of the same name stay apart', () => {
  const helpers = spec.subprograms.filter(({ name }) => name === 'helper');
  const contents = spec.maps.find(({ section }) => section === '.data')!.contents!;
  const values = helpers.map(({ instructions, relocations }) => {
    const relocation = relocations.find(({ kind }) => kind === 'data') as Extract<Relocation, { kind: 'data' }>;
    const offset = relocation.offset + new Instructions(instructions).imm(relocation.instruction);
    return new DataView(contents.buffer, contents.byteOffset).getUint32(offset, true);
  });
  assert.deepEqual(values.sort(), [3, 4]);
});

test('data sections list their variables where they are', () => {
  const listed = (name: string) => {
    const section = btf.type(btf.find(name, 'DATASEC')!) as BtfDatasec;
    return section.entries.map(({ type, offset }) => [btf.name(type), offset]);
  };
  assert.deepEqual(listed('.rodata'), [
    ['name', 0],
    ['limit', symbol('limit').value],
  ]);
  assert.deepEqual(
    listed('.data').map(([name]) => name),
    ['before', 'in_main', 'hidden', 'other_total', 'in_lib', 'hidden'],
  );
  assert.deepEqual(listed('.maps'), [
    ['own', 0],
    ['shared', 32],
  ]);
});

test('types that both objects have are there once, declarations become definitions', () => {
  for (const name of ['shared_key', 'item', 'hidden', 'unsigned int'])
    assert.equal(btf.findAll(name).filter((id) => btf.kind(id) !== 'VAR').length, 1, name);
  assert.deepEqual([...btf.ids('FWD')], []);
});

test('function and line information leads to the linked code and types', () => {
  for (const { name, funcInfo, lineInfo } of [...spec.programs, ...spec.subprograms]) {
    const [info] = funcInfo!;
    assert.deepEqual([info!.instruction, (btf.type(info!.typeId) as BtfFunc).name], [0, name]);
    assert.match(btf.stringAt(lineInfo![0]!.fileName), /gen-link-(main|lib)\.bpf\.c$/);
  }
});

test('linking the result again changes nothing, and the same files give the same bytes', () => {
  assert.deepEqual(linkObjects([{ what: 'linked', bytes: linked }]), linked);
  assert.deepEqual(linkObjects([main, library]), linked);
});

test('a single object loses its debug information and nothing else', () => {
  const alone = linkObjects([library]);
  const before = parseObject(library.bytes, { name: 'x' });
  const after = parseObject(alone, { name: 'x' });
  assert.ok(alone.length < library.bytes.length / 2);
  const code = (object: typeof before) => object.programs.map(({ name, instructions }) => [name, [...instructions]]);
  assert.deepEqual(code(after), code(before));
  const maps = (object: typeof before) => object.maps.map(({ name, flags, contents }) => [name, flags, contents && [...contents]]);
  assert.deepEqual(maps(after), maps(before));
  const local = [...Elf.parse(alone).symbols!].map(({ binding }) => binding === 0);
  assert.equal(local.lastIndexOf(true) + 2, Elf.parse(alone).section('.symtab')!.info);
});

test('objects that do not go together are refused by what is wrong with them', () => {
  const patched = (name: string, change: (bytes: Uint8Array) => void) => {
    const { what, bytes } = source(name);
    const copy = new Uint8Array(bytes);
    change(copy);
    return { what, bytes: copy };
  };
  const bytesOf = (bytes: Uint8Array, section: string) => Elf.parse(bytes).section(section)!;
  const refused: [Parameters<typeof linkObjects>[0], RegExp][] = [
    [[library, { ...library, what: 'copy' }], /^copy: symbol chosen: gen-link-lib defines it too, and neither is weak$/],
    [[{ what: 'text', bytes: new TextEncoder().encode('no object') }], /^text: not an ELF file/],
    [[{ what: 'node', bytes: readFileSync(process.execPath) }], /^node: not an object file for BPF/],
    [
      [main, patched('gen-link-lib', (bytes) => bytesOf(bytes, 'license').bytes.set([0x42]))],
      /^gen-link-lib: its section license is not the same/,
    ],
    [[main, patched('gen-link-lib', (bytes) => bytes.set([2], 5))], /gen-link-lib/],
  ];
  for (const [sources, message] of refused) assert.throws(() => linkObjects(sources), { message });
  assert.throws(() => linkObjects([]), { name: 'UsageError' });
});

test('a map or function that is declared otherwise elsewhere is refused', () => {
  const renamed = (name: string, from: string, to: string) => {
    const { what, bytes } = source(name);
    const text = Buffer.from(bytes).toString('latin1').replaceAll(`\0${from}\0`, `\0${to}\0`);
    return { what, bytes: new Uint8Array(Buffer.from(text, 'latin1')) };
  };
  assert.throws(() => linkObjects([main, renamed('gen-link-lib', 'cpu', 'gpu')]), {
    message:
      /symbol shared: it is declared otherwise than in gen-link-main: of the types of its key, member 0 of struct shared_key is cpu here and gpu there/,
  });
  assert.throws(() => linkObjects([main, renamed('gen-link-lib', 'item', 'mite')]), {
    message: /symbol add: .*of argument 2, struct item is not struct mite/,
  });
});
