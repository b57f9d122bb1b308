// Names that were made to do harm, wherever one comes from: JSON stays JSON, and a terminal is told nothing that it would obey.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { btfLoad } from '../../native/bpf.js';
import { encodeBtf } from '../../src/btf/encode.js';
import { type BtfType, IntEncoding } from '../../src/btf/types.js';
import { MapType } from '../../src/kernel/enums.gen.js';
import { attach } from '../../src/link/attach.js';
import type { Link } from '../../src/link/link.js';
import type { LoadedObject } from '../../src/load/loaded-object.js';
import { BpfMap } from '../../src/map/map.js';
import { createVethPair } from '../../src/system/interfaces.js';
import { capture } from '../support/capture.js';
import { someOf } from '../support/guest.js';
import { loadTestObject, noCgroup, OwnBpffs, OwnCgroup, ownNetwork, testObjectPath } from '../support/live.js';

/** Clears the screen, sets the title, goes back to the line's begin, ends a string and a line, turns the writing round, and is no Unicode at its end. */
const TEXT = 'x\u001b[2J\u001b]0;owned\u0007\r\t"\'\\\u202e\u009b31m$(id)`%s\u2028';
const LINES = `${TEXT}\nError: not so\n`;
/** A file's name has no slash, and no more than 255 bytes. */
const NAME = Buffer.concat([Buffer.from(LINES), Buffer.from([0xff, 0xc3, 0x28])]);
/** The same in the few bytes that a name in an object file has room for, and in those of a network interface. */
const NOT_UNICODE = Buffer.from([0xff, 0x1b, 0x5b, 0x32, 0x4a, 0xc3, 0x28, 0x22, 0x5c, 0x0a, 0x9b, 0x80]);
const INTERFACE = Buffer.from([0x6e, 0x1b, 0x5b, 0x32, 0x4a, 0xff, 0xc3, 0x28, 0x22, 0x5c]);
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const MEGABYTE = 1 << 20;
const noIp = spawnSync('ip', ['-V']).status !== 0 && 'needs ip, to give an interface a name that is no text';

/** Whatever is printed with these words: JSON in every form, a terminal without a control character, one line for an error. */
async function staysSafe(...words: string[]): Promise<void> {
  const what = JSON.stringify(words).slice(0, 300);
  for (const form of ['-j', '-p', '--ndjson']) {
    const { out, err } = await capture([form, ...words]);
    assert.equal(err, '', what);
    for (const text of form === '--ndjson' ? out.trimEnd().split('\n') : [out])
      assert.doesNotThrow(() => JSON.parse(text || 'null'), `${form} ${what}: ${text.slice(0, 500)}`);
    assert.doesNotMatch(out, HARMFUL, `${form} ${what}`);
  }
  for (const options of [['--no-color'], ['--no-color', '--plain']]) {
    const { status, out, err } = await capture([...options, ...words], true);
    assert.doesNotMatch(out, HARMFUL, `terminal: ${what}`);
    assert.doesNotMatch(err, HARMFUL, `terminal: ${what}`);
    assert.doesNotMatch(err, /^Error: not so/m, what);
    if (status !== 0) assert.match(err, /^Error: [^\n]*\n(Usage: [^\n]*\n)?$/, what);
  }
}

function structOf(name: string, size: number, member: string, type: number): BtfType {
  return { kind: 'STRUCT', name, size, kindFlag: false, members: [{ name: member, type, bitOffset: 0, bitfieldSize: 0 }] };
}

/** A map whose value is a struct with members of these names, and text in it. */
function mapOf(member: string, value: Buffer): BpfMap {
  const char = { kind: 'INT', name: 'char', size: 1, bits: 8, offset: 0, encoding: IntEncoding.CHAR } as const;
  const int = { kind: 'INT', name: 'int', size: 4, bits: 32, offset: 0, encoding: IntEncoding.SIGNED } as const;
  const bytes = encodeBtf([
    char,
    int,
    { kind: 'ARRAY', type: 1, index: 2, length: value.length },
    structOf('value', value.length, member, 3),
  ]);
  using btf = btfLoad({ btf: bytes, btf_size: bytes.length });
  const map = BpfMap.create({
    type: MapType.ARRAY,
    keySize: 4,
    valueSize: value.length,
    maxEntries: 1,
    name: 'hostile',
    btfFd: btf.number,
    btfKeyTypeId: 2,
    btfValueTypeId: 4,
  });
  map.update(new Uint8Array(4), value);
  return map;
}

describe('harmful names', { skip: noCgroup }, () => {
  let bpffs: OwnBpffs;
  let cgroup: OwnCgroup;
  let object: LoadedObject;
  let hooks: LoadedObject;
  let link: Link;
  let folder: string;
  let child: Buffer;
  let pins: Buffer;
  const id = () => String(object.programs[0]!.program.id);

  before(() => {
    ownNetwork();
    bpffs = new OwnBpffs();
    cgroup = new OwnCgroup();
    object = loadTestObject('dump');
    hooks = loadTestObject('hooks-cgroup');
    folder = mkdtempSync(join(tmpdir(), 'bpf-ts-hostile-'));
    child = Buffer.concat([Buffer.from(`${cgroup.path}/`), Buffer.from(TEXT)]);
    mkdirSync(child);
    link = attach(hooks.program('connect4')!, 'cgroup/connect4', { cgroup: child.toString() }) as Link;
    pins = Buffer.from(`${bpffs.path}/${TEXT}`);
    mkdirSync(pins);
    // Its name cannot be told as text, nor can anything in it be named.
    mkdirSync(Buffer.concat([Buffer.from(`${bpffs.path}/`), NAME]));
    object.programs[0]!.program.pin(join(pins.toString(), 'prog'));
    object.maps[0]!.map.pin(join(pins.toString(), 'map'));
    link.pin(join(pins.toString(), 'link'));
  });
  after(() => {
    link[Symbol.dispose]();
    hooks[Symbol.dispose]();
    object[Symbol.dispose]();
    rmdirSync(child);
    cgroup[Symbol.dispose]();
    bpffs[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });

  test('of folders that objects are pinned in', async () => {
    for (const [kind, number] of [
      ['prog', id()],
      ['map', String(object.maps[0]!.map.id)],
      ['link', String(link.info.id)],
    ] as const) {
      await staysSafe('-f', kind, 'show', 'id', number);
      await staysSafe(kind, 'show', 'pinned', join(pins.toString(), kind));
      await staysSafe('graph', kind, 'id', number);
    }
    const { out } = await capture(['-j', '-f', 'prog', 'show', 'id', id()]);
    assert.deepEqual((JSON.parse(out) as { pinned: string[] }).pinned, [join(pins.toString(), 'prog')]);
  });

  test('of control groups', async () => {
    await staysSafe('cgroup', 'tree', cgroup.path);
    await staysSafe('cgroup', 'show', child.toString());
    await staysSafe('cgroup', 'show', child.toString(), 'effective');
    await staysSafe('link', 'show', 'id', String(link.info.id));
    await staysSafe('graph', 'cgroup', child.toString());
    const { out } = await capture(['-j', 'cgroup', 'tree', cgroup.path]);
    assert.ok((JSON.parse(out) as { cgroup: string }[]).some((each) => each.cgroup === child.toString()));
  });

  test('in values of maps, as text and as bytes', async () => {
    using map = mapOf('text', Buffer.concat([NAME, Buffer.alloc(8)]));
    for (const words of [['dump'], ['lookup', 'key', '0', '0', '0', '0'], ['getnext']]) {
      const [name, ...more] = words as [string, ...string[]];
      await staysSafe('map', name, 'id', String(map.id), ...more);
    }
  });

  test('of types in a file, which a kernel would not take', async () => {
    const file = join(folder, 'types');
    const int = { kind: 'INT', name: `int${TEXT}`, size: 4, bits: 32, offset: 0, encoding: IntEncoding.SIGNED } as const;
    writeFileSync(file, encodeBtf([int, structOf(LINES, 4, TEXT, 1)]));
    await staysSafe('btf', 'dump', 'file', file);
    await staysSafe('btf', 'show', '2', 'file', file);
    await staysSafe('btf', 'show', '*', 'file', file);
    const { out } = await capture(['btf', 'dump', 'file', file, 'format', 'c'], true);
    assert.doesNotMatch(out, HARMFUL);
  });

  test('of files that are no objects, or are not there', async () => {
    const bytes = Buffer.concat([Buffer.from(`${folder}/`), NAME]);
    writeFileSync(bytes, 'no object');
    const named = [join(folder, LINES), join(folder, TEXT), `/nonexistent/${LINES}`];
    writeFileSync(named[0]!, 'no object');
    for (const file of named) {
      for (const line of someOf(
        [
          ['prog', 'load', file, join(bpffs.path, 'new')],
          ['prog', 'loadall', file, join(bpffs.path, 'new')],
          ['btf', 'dump', 'file', file],
          ['btf', 'show', 'int', 'file', file],
          ['gen', 'skeleton', file],
          ['gen', 'subskeleton', file],
          ['gen', 'ts', file],
          ['gen', 'object', join(folder, 'out'), file],
          ['gen', 'min_core_btf', file, join(folder, 'out'), file],
          ['iter', 'pin', file, join(bpffs.path, 'new')],
          ['struct_ops', 'register', file],
          ['run', file],
          ['batch', 'file', file],
          ['map', 'import', 'id', String(object.maps[0]!.map.id), file],
          ['prog', 'run', 'id', id(), 'data_in', `${file}/none`],
          ['prog', 'dump', 'xlated', 'id', id(), 'file', `/nonexistent/${TEXT}`],
          ['-B', file, 'btf', 'dump', 'file', testObjectPath('dump')],
        ],
        5,
      ))
        await staysSafe(...line);
    }
  });

  test('of sections and symbols in an object file, that are no Unicode', async () => {
    const file = join(folder, 'sections.bpf.o');
    for (const [name, replaced] of [
      ['hooks-net', 'tcx/ingress'],
      ['hooks-net', 'count_tcx_in'],
      ['hooks-net', 'license'],
      ['load-data', '.data.hidden'],
      ['load-data', '.rodata'],
      ['values', '.maps'],
    ] as const) {
      const bytes = readFileSync(testObjectPath(name));
      const harmful = Buffer.concat([Buffer.from(replaced.startsWith('.') ? replaced.slice(0, 3) : ''), NOT_UNICODE], replaced.length);
      let found = 0;
      for (let at = bytes.indexOf(replaced); at >= 0; at = bytes.indexOf(replaced, at)) {
        harmful.copy(bytes, at);
        found++;
      }
      assert.ok(found > 0, `${name} has ${replaced}`);
      writeFileSync(file, bytes);
      for (const line of someOf(
        [
          ['prog', 'load', file, join(bpffs.path, 'new')],
          ['prog', 'loadall', file, join(bpffs.path, 'newer'), 'pinmaps', join(bpffs.path, 'newest')],
          ['btf', 'dump', 'file', file],
          ['gen', 'object', join(folder, 'linked.o'), file],
          ['gen', 'min_core_btf', file, join(folder, 'out'), file],
          ['run', '--for', '10ms', file],
        ],
        3,
      )) {
        await staysSafe(...line);
        for (const made of ['new', 'newer', 'newest']) rmSync(join(bpffs.path, made), { recursive: true, force: true });
      }
      // Code is no JSON: only what a terminal gets of it is looked at.
      for (const kind of ['skeleton', 'subskeleton', 'ts']) {
        const { out, err } = await capture(['--no-color', 'gen', kind, file], true);
        assert.doesNotMatch(out + err, HARMFUL, `${kind} of ${name} with another ${replaced}`);
      }
    }
  });

  test('of network interfaces, and what they are also called', { skip: noIp }, async () => {
    createVethPair('near', 'far');
    using net = loadTestObject('hooks-net');
    using _link = attach(net.program('count_xdp')!, 'xdp', { dev: 'near' });
    const text = [...INTERFACE].map((byte) => `\\x${byte.toString(16)}`).join('');
    const script = 'ip link set near name "$1" && ip link set "$1" alias "$1$1" && ip link property add dev "$1" altname "also$1"';
    const { status, stderr } = spawnSync('bash', ['-c', `set -- none "$(printf '${text}')"; shift; ${script}`], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const name = INTERFACE.toString();
    for (const line of [
      'net show',
      'link show',
      'graph',
      `net show dev ${name}`,
      `feature probe dev ${name}`,
      `net detach xdp dev ${name}`,
    ])
      await staysSafe(...line.split(' '));
    const { out } = await capture(['-j', 'net', 'show']);
    assert.ok((JSON.parse(out) as { xdp: { devname: string }[] }[])[0]!.xdp.some(({ devname }) => devname === name));
  });

  test('as words on the command line, wherever they are quoted back', async () => {
    for (const word of [TEXT, LINES, 'x'.repeat(MEGABYTE), `${TEXT} `.repeat(2000)]) {
      for (const line of someOf(
        [
          [word],
          ['prog', word],
          ['prog', 'show', word, '1'],
          ['prog', 'show', 'id', word],
          ['prog', 'show', 'name', word],
          ['prog', 'show', 'tag', word],
          ['prog', 'show', 'pinned', word],
          ['prog', 'show', 'id', id(), word],
          ['prog', 'show', '--filter', word],
          ['prog', 'show', '--sort', word],
          ['prog', 'show', `--${word}`],
          ['prog', 'pin', 'id', id(), join('/nonexistent', word)],
          ['map', 'show', 'name', word],
          ['map', 'create', join(bpffs.path, 'new'), 'type', word],
          ['map', 'create', join(bpffs.path, 'new'), 'type', 'hash', 'key', '4', 'value', '4', 'entries', '1', 'name', word],
          ['map', 'lookup', 'id', String(object.maps[0]!.map.id), 'key', word],
          ['map', 'set', 'id', String(object.maps[0]!.map.id), word, word],
          ['link', 'show', 'pinned', word],
          ['link', 'attach', 'id', id(), word],
          ['cgroup', 'show', word],
          ['cgroup', 'attach', cgroup.path, word, 'id', id()],
          ['net', 'show', 'dev', word],
          ['net', 'attach', word, 'id', id(), 'dev', 'lo'],
          ['btf', 'show', word],
          ['btf', 'dump', 'id', '1', 'format', word],
          ['feature', 'list_builtins', word],
          ['feature', 'probe', 'dev', word],
          ['gen', 'skeleton', testObjectPath('dump'), word, 'x'],
          ['struct_ops', 'show', 'name', word],
          ['help', word],
          ['graph', 'prog', 'name', word],
          ['events', 'name', word],
        ],
        8,
      ))
        await staysSafe(...line);
    }
  });
});
