import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loaded } from '../../commands/command.js';
import { GLOBAL_OPTIONS, takeGlobalOptions, takeOwnOptions } from '../../commands/line/options.js';
import { OBJECTS } from '../../commands/objects.js';

test('options may stand anywhere', async () => {
  for (const args of [
    ['-j', 'prog', 'show'],
    ['prog', '-j', 'show'],
    ['prog', 'show', '-j'],
  ]) {
    const line = await takeGlobalOptions(args);
    assert.deepEqual(line.words, ['prog', 'show']);
    assert.ok(line.options.json);
  }
});

test('a line without options has all of them off', async () => {
  const { options, root } = await takeGlobalOptions(['prog']);
  assert.deepEqual(options, { json: false, pretty: false, debug: false, bpffs: false, mapcompat: false, nomount: false });
  assert.deepEqual(root, { plain: false, color: true, help: false, version: false });
});

test('pretty means JSON; short options may be joined, long ones shortened', async () => {
  assert.ok((await takeGlobalOptions(['-pf'])).options.json);
  assert.ok((await takeGlobalOptions(['-pf'])).options.bpffs);
  assert.ok((await takeGlobalOptions(['--js'])).options.json);
  assert.equal((await takeGlobalOptions(['--base=x'])).options.baseBtf, 'x');
  // --p may be --pretty or --plain.
  assert.deepEqual((await takeGlobalOptions(['--p'])).rest, ['--p']);
});

test('behind -- everything is a word, and a negative number always is', async () => {
  assert.deepEqual((await takeGlobalOptions(['map', '--', '-j'])).words, ['map', '-j']);
  assert.deepEqual((await takeGlobalOptions(['key', '-1', '0'])).words, ['key', '-1', '0']);
});

test('an option that lacks its value is a mistake of usage', async () => {
  await assert.rejects(takeGlobalOptions(['-B']), /argument missing/);
});

test('the options of a subcommand come from its own table; others are refused by name', async () => {
  const own = [
    { flags: '--for <time>', summary: '' },
    { flags: '--dump', summary: '' },
  ];
  const line = await takeGlobalOptions(['run', '--for', '5s', 'x.o', '-j', '--dump']);
  assert.ok(line.options.json);
  assert.deepEqual(await takeOwnOptions('run', own, line.rest), { words: ['x.o'], own: { for: '5s', dump: true } });
  await assert.rejects(takeOwnOptions('run', own, ['--nosuch']), /unrecognized option '--nosuch'/);
});

test('no option of a subcommand is a beginning of a global one', async () => {
  const global = GLOBAL_OPTIONS.map(longName);
  for (const { load } of OBJECTS) {
    const { command } = await load();
    for (const each of 'subcommands' in command ? command.subcommands : [command]) {
      for (const option of (await loaded(each)).options ?? [])
        assert.ok(!global.some((name) => name.startsWith(longName(option))), option.flags);
    }
  }
});

function longName({ flags }: { flags: string }): string {
  return /--[a-z-]+/.exec(flags)![0];
}
