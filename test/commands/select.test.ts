import assert from 'node:assert/strict';
import { test } from 'node:test';
import { list, type Output, one, part, subcommand } from '../../commands/command.js';
import { parseCondition } from '../../commands/line/conditions.js';
import { OBJECTS } from '../../commands/objects.js';
import { Printer, type PrinterOptions } from '../../commands/print/printer.js';
import { readSelection } from '../../commands/print/select.js';
import { Pairs, Written } from '../../src/format/json.js';
import { capture, memoryStreams } from '../support/capture.js';
import { noRoot } from '../support/live.js';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly size: bigint;
  readonly maps: readonly number[];
  readonly holders?: readonly { pid: number; comm: string }[];
}

const ROWS: readonly Row[] = [
  { id: 9, name: 'tcp_connect', size: 4096n, maps: [1, 22], holders: [{ pid: 1, comm: 'systemd' }] },
  { id: 10, name: 'tcp_close', size: 18446744073709551615n, maps: [] },
  { id: 100, name: 'xdp\t"main"', size: 512n, maps: [22] },
];

const record = subcommand<Row>({
  name: 'show',
  aliases: ['list'],
  summary: '',
  run: () => list(ROWS),
  heading: (first) => `first ${first.id}\n`,
  plain: ({ id, name }) => `${id}: ${name}\n`,
  json: ({ id, name, size, maps, holders }) => ({
    id,
    name: name || undefined,
    bytes: size,
    map_ids: maps.length > 0 ? maps : undefined,
    pids: holders,
    metadata: new Pairs([['by', new Written(() => `"n${id}"`)]]),
  }),
  columns: [
    { title: 'ID', cell: (row) => row.id, align: 'right' },
    { title: 'Name', cell: (row) => row.name },
    { title: 'Memory used', cell: (row) => `${row.size}B`, align: 'right' },
  ],
});

interface Given {
  readonly filter?: string[];
  readonly sort?: string;
  readonly columns?: string;
}

async function printed(given: Given, options: PrinterOptions = {}, terminal = false, output: Output<Row> = list(ROWS)) {
  const streams = memoryStreams(terminal);
  const selected = await readSelection({ ...given })('test show', record, output);
  const status = await new Printer(streams, { color: false, ...options }).print(selected.record, selected.output);
  return { status, out: streams.out.text, err: streams.err.text };
}

async function ids(given: Given): Promise<number[]> {
  return JSON.parse((await printed(given, { json: true })).out).map(({ id }: Row) => id);
}

const FILTERS: readonly [filters: string[], ids: number[]][] = [
  [['name=tcp_*'], [9, 10]],
  [['name=tcp_c[lo]*e'], [10]],
  [['name=tcp_?lose'], [10]],
  [['name=tcp'], []],
  [['name!=tcp_*'], [100]],
  [['id>9'], [10, 100]],
  [
    ['id>=9', 'id<0x64'],
    [9, 10],
  ],
  [['id<=10'], [9, 10]],
  [['bytes>=4K'], [9, 10]],
  [['bytes>18446744073709551614'], [10]],
  [['memory_used<1K'], [100]],
  [['map_ids=22'], [9, 100]],
  [['map_ids!=22'], [10]],
  [['map_ids='], [10]],
  [['map_ids!='], [9, 100]],
  [['map_ids=*'], [9, 100]],
  [['pids.comm=systemd'], [9]],
  [['pids=systemd', 'id=9'], [9]],
  [['metadata.by=n10'], [10]],
  [['name=.*'], []],
];

test('a filter keeps the rows of which all its conditions are true', async () => {
  for (const [filter, expected] of FILTERS) assert.deepEqual(await ids({ filter }), expected, filter.join(' '));
});

test('what is no condition is refused with an example', () => {
  for (const text of ['name', '=x', 'name~x', '']) assert.throws(() => parseCondition(text), /--filter: '.*' is no condition such as/);
  assert.throws(() => parseCondition('id>many'), /'many' is not a number/);
  assert.throws(() => parseCondition('id>'), /'' is not a number/);
  assert.throws(() => parseCondition('name=[z-a]'), /'\[z-a\]' is no pattern/);
});

test('rows are sorted by numbers as numbers, what has no value last', async () => {
  assert.deepEqual(await ids({ sort: '-id' }), [100, 10, 9]);
  assert.deepEqual(await ids({ sort: 'bytes' }), [100, 9, 10]);
  assert.deepEqual(await ids({ sort: 'memory_used:desc' }), [10, 9, 100]);
  assert.deepEqual(await ids({ sort: 'map_ids' }), [9, 100, 10]);
  assert.deepEqual(await ids({ sort: '-map_ids,id' }), [100, 9, 10]);
  assert.deepEqual(await ids({ sort: 'name' }), [10, 9, 100]);
});

test('chosen columns are a table on a terminal, lines with tabs in a pipe, fields in JSON', async () => {
  const columns = 'bytes,name,pids.comm';
  assert.equal((await printed({ columns })).out, '4096\ttcp_connect\tsystemd\n18446744073709551615\ttcp_close\t\n512\txdp\\t"main"\t\n');
  assert.equal(
    (await printed({ columns: 'memory_used,map_ids' }, {}, true)).out,
    '          Memory used  map_ids\n                4096B  1,22\n18446744073709551615B\n                 512B  22\n',
  );
  assert.equal(
    (await printed({ columns: 'name,id,memory_used', filter: ['id=9'] }, { json: true })).out,
    '[{"name":"tcp_connect","id":9,"memory_used":"4096B"}]\n',
  );
  assert.equal((await printed({ columns: 'name,id' }, { json: true }, false, one(ROWS[1]!))).out, '{"name":"tcp_close","id":10}\n');
});

test('a column that rows are chosen or ordered by is not left out of a narrow table', async () => {
  const wide = { ...record, columns: record.columns!.map((column) => ({ ...column, minor: 1 })) } as typeof record;
  const columns = async (given: Given) => (await readSelection({ ...given })('test show', wide, list(ROWS))).record.columns;
  assert.deepEqual(
    (await columns({ sort: '-memory_used', filter: ['id>1'] }))!.map(({ minor }) => minor),
    [undefined, 1, undefined],
  );
  assert.deepEqual(
    (await columns({ columns: 'name' }))!.map(({ minor }) => minor),
    [undefined],
  );
});

test('the heading stands above the first row that is left, in the order that was asked for', async () => {
  assert.equal((await printed({ sort: '-id', filter: ['name=tcp*'] })).out, 'first 10\n10: tcp_close\n9: tcp_connect\n');
});

test('a filter that nothing matches says so on standard error, and not with JSON', async () => {
  const given = { filter: ['name=nosuch', 'id>1'] };
  assert.deepEqual(await printed(given), { status: 0, out: '', err: 'nothing matches name=nosuch and id>1\n' });
  assert.deepEqual(await printed(given, { json: true }), { status: 0, out: '[]\n', err: '' });
  assert.deepEqual(await printed({ filter: ['id=1'] }, {}, false, one(ROWS[0]!)), { status: 0, out: '', err: 'nothing matches id=1\n' });
});

test('a key that there is not is refused with those that there are', async () => {
  const known = /^UsageError: test show has no key 'nam'; it has id, name, bytes, map_ids, pids, metadata, memory_used$/;
  for (const given of [{ filter: ['nam=x'] }, { sort: 'id,-nam' }, { columns: 'id,nam' }])
    await assert.rejects(printed(given), (error: Error) => known.test(`${error.constructor.name}: ${error.message}`));
});

test('keys are known by the schema where no row has them', { skip: noRoot }, async () => {
  for (const args of [
    ['struct_ops', 'show'],
    ['net', 'show', 'dev', 'lo'],
  ]) {
    const { status, err } = await capture([...args, '--filter', 'nosuch=1']);
    assert.equal(status, 255);
    assert.match(err, /has no key 'nosuch'; it has .*\b(kernel_struct_ops|prog_flags)\b/);
    assert.equal((await capture([...args, '--filter', 'name=nosuch'])).status, 0);
  }
});

test('each value is one line with --ndjson', async () => {
  const { out } = await printed({ sort: '-id' }, { ndjson: true, pretty: true });
  const lines = out.trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).id),
    [100, 10, 9],
  );
  assert.equal((await printed({}, { ndjson: true }, false, one(ROWS[1]!))).out, `${lines[1]}\n`);
});

interface Sections {
  readonly even: readonly number[];
  readonly odd: readonly number[];
}

const sections = subcommand<Sections>({
  name: 'show',
  summary: '',
  run: () => list([]),
  plain: ({ even, odd }) => `even: ${even}\nodd: ${odd}\n`,
  parts: [
    part<Sections, number>({
      name: 'even',
      items: ({ even }) => even,
      withItems: (row, even) => ({ ...row, even }),
      json: (n) => ({ n, double: n * 2 }),
    }),
    part<Sections, number>({ name: 'odd', items: ({ odd }) => odd, withItems: (row, odd) => ({ ...row, odd }), json: (n) => ({ n }) }),
  ],
});

test('where a row consists of several lists, their items are chosen and sorted', async () => {
  const rows: Sections[] = [{ even: [2, 4, 10], odd: [1, 5] }];
  const text = async (given: Given) => {
    const streams = memoryStreams();
    const selected = await readSelection({ ...given })('test show', sections, list(rows));
    await new Printer(streams).print(selected.record, selected.output);
    return streams.out.text + streams.err.text;
  };
  assert.equal(await text({ filter: ['n>2'], sort: '-n' }), 'even: 10,4\nodd: 5\n');
  assert.equal(await text({ filter: ['section=odd'] }), 'even: \nodd: 1,5\n');
  assert.equal(await text({ columns: 'section,double,n', filter: ['n>4'] }), 'even\t20\t10\nodd\t\t5\n');
  await assert.rejects(text({ filter: ['x=1'] }), /test show has no key 'x'; it has section, n, double/);
});

test('lists say in their help how rows are chosen, and other commands do not', async () => {
  for (const { name, load } of OBJECTS) {
    const { command } = await load();
    for (const each of 'subcommands' in command ? command.subcommands : []) {
      const { out } = await capture(['help', name, each.name]);
      assert.equal(/--filter[\s\S]*--sort[\s\S]*--columns/.test(out), each.aliases?.includes('list') === true, `${name} ${each.name}`);
    }
  }
});

test('what is no list is not chosen from', async () => {
  const output: Output<Row> = { kind: 'stream', chunks: () => [] };
  await assert.rejects(printed({ sort: 'id' }, {}, false, output), /are for lists, which test show does not give/);
});

test('other commands refuse the options of lists', async () => {
  const { status, err } = await capture(['version', '--filter', 'a=b']);
  assert.equal(status, 255);
  assert.match(err, /unrecognized option '--filter'/);
});

test('a key behind --sort may begin with a minus, whatever letters follow', async () => {
  const { status, err } = await capture(['version', '--sort', '-json']);
  assert.equal(status, 255);
  assert.match(err, /unrecognized option '--sort=-json'/);
});
