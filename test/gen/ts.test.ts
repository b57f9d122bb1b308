import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Btf } from '../../src/btf/btf.js';
import { linkObjects } from '../../src/gen/link/link.js';
import { typescriptModule } from '../../src/gen/ts/module.js';
import { doc, literal, NameSet, pascalCase, propertyName } from '../../src/gen/ts/text.js';
import { TypeWriter } from '../../src/gen/ts/types.js';
import { findEvents } from '../../src/object/events.js';
import { parseObject } from '../../src/object/parse.js';
import { RawBtf } from '../btf/build.js';

const bytes = linkObjects([{ what: 'gen-types', bytes: readFileSync('test/progs/gen-types.bpf.o') }]);
const spec = parseObject(bytes, { name: 'gen-types.bpf.o' });
const types = (raw: RawBtf) => new TypeWriter(Btf.parse(raw.bytes()), new NameSet([]));

test('the module of an object is the one that is kept, which is compiled with the tests', () => {
  // After a change: node bin/bpf-ts.js gen ts test/progs/gen-types.bpf.o > test/gen/gen-types.gen.ts
  const kept = readFileSync('test/gen/gen-types.gen.ts', 'utf8');
  assert.equal(typescriptModule(spec, bytes, { name: 'gen-types', file: 'gen-types.bpf.o' }), kept);
  assert.deepEqual(kept.match(/from '.*'/g), ["from 'bpf-ts'"]);
});

test('types of events are found by tags, by pointers called unused, and by their names', () => {
  const { btf } = spec;
  const events = findEvents(spec);
  assert.deepEqual(
    events.types.map((id) => btf!.name(id)),
    ['exec_event', 'sample'],
  );
  assert.deepEqual(
    [...events.byMap].map(([map, id]) => [map, btf!.name(id)]),
    [
      ['samples', 'sample'],
      ['events', 'exec_event'],
    ],
  );
  assert.deepEqual([...events.markers].sort(), ['sample_type', 'unused']);
});

test('what is given goes before what is found', () => {
  const events = findEvents(spec, new Map([['events', 'struct inner']]));
  assert.equal(spec.btf!.name(events.byMap.get('events')!), 'inner');
  assert.throws(() => findEvents(spec, new Map([['none', 'inner']])), {
    name: 'UsageError',
    message: /no ring or perf buffer called none/,
  });
  assert.throws(() => findEvents(spec, new Map([['events', 'none']])), { name: 'UsageError', message: /no struct called none/ });
});

test('types with the same name in TypeScript get numbers', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4, 1);
  const first = raw.type(4, 'foo_bar', 1, 4, [raw.string('x'), int, 0]);
  const second = raw.type(4, 'fooBar', 1, 4, [raw.string('y'), int, 0]);
  const writer = types(raw);
  assert.deepEqual([writer.text(first), writer.text(second), writer.text(first)], ['FooBar', 'FooBar2', 'FooBar']);
  assert.equal(writer.declarations.length, 2);
});

test('types without values have no text', () => {
  const raw = new RawBtf();
  const forward = raw.type(7, 'later', 0, 0);
  const pointer = raw.type(2, '', 0, forward);
  const array = raw.type(3, '', 0, 0, [forward, pointer, 1]);
  const writer = types(raw);
  assert.deepEqual(
    [writer.text(forward), writer.text(pointer), writer.text(array), writer.text(0)],
    [undefined, 'bigint', undefined, undefined],
  );
});

test('a struct without a name that holds others is written where it is', () => {
  const raw = new RawBtf();
  const int = raw.int('int', 4, 1);
  const inner = raw.type(4, '', 1, 4, [raw.string('deep'), int, 0]);
  const union = raw.type(5, '', 2, 4, [raw.string('a'), int, 0, 0, inner, 0]);
  const outer = raw.type(4, '', 2, 8, [raw.string('named'), inner, 0, 0, union, 32]);
  const list = raw.type(3, '', 0, 0, [outer, int, 2]);
  assert.equal(types(raw).text(list), '({\n  named: {\n    deep: number;\n  };\n  a: number;\n  deep: number;\n})[]');
});

test('names from an object cannot break out of comments and strings', () => {
  assert.equal(doc('kprobe.multi/x*/ evil\n'), '/** kprobe.multi/x*\\/ evil  */\n');
  assert.equal(literal("it's"), '"it\'s"');
  assert.equal(literal('a\u2028b\\'), '"a\\u2028b\\\\"');
  assert.equal(propertyName('a-b'), "'a-b'");
  assert.equal(propertyName('$a_1'), '$a_1');
});

test('names become those of types', () => {
  const names = {
    exec_event_t: 'ExecEvent',
    task_struct: 'TaskStruct',
    __u64x: 'U64x',
    '3d': 'T3d',
    _: 'T',
    t: 'T',
    _t: 'T',
    'a.b-c': 'ABC',
  };
  for (const [name, type] of Object.entries(names)) assert.equal(pascalCase(name), type, name);
});
