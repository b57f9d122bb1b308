import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noRoot, testObjectPath } from '../support/live.js';
import { startTool, tool } from '../support/tool.js';

describe('run with a command under observation', { skip: noRoot }, () => {
  const file = testObjectPath('hooks-named');

  test('it begins when the programs are attached, and ends the run with its status', async () => {
    const script = 'echo pid $$; exit 7';
    const { status, out } = await tool('run', file, '--pid', '--dump', '--', 'sh', '-c', script);
    assert.equal(status, 7);
    const [, pid] = /^pid (\d+)$/m.exec(out)!;
    assert.match(out, new RegExp(`attached to uprobe/libc.so.6:syscall pid ${pid}\\b`));
    assert.ok(out.indexOf('attached to') < out.indexOf(`pid ${pid}\n`));
  });

  test('what it says stays out of JSON', async () => {
    const { status, out, err } = await tool('-j', 'run', file, '--pid', '--', 'echo', '-j', 'hello');
    assert.equal(status, 0);
    assert.ok(Array.isArray(JSON.parse(out)));
    assert.equal(err, '-j hello\n');
  });

  test('a signal to bpf-ts ends the command too, and so does the time', async () => {
    const { status } = await tool('run', file, '--pid', '--for', '300ms', '--', 'sleep', '100');
    assert.equal(status, 143);
    const running = startTool('run', file, '--pid', '--', 'sleep', '100');
    await running.printed('attached to');
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).status, 143);
  });

  test('one that is not there, or is missing, and what could not be attached, are said', async () => {
    assert.equal((await tool('run', file, '--pid', '--', '/no/such/command')).status, 127);
    assert.match((await tool('run', file, '--')).err, /the command behind -- is missing/);
    assert.match((await tool('run', file, '--pid')).err, /--pid takes the id of a process, unless there is a command behind --/);
    assert.match((await tool('run', file, '--cookie', 'x')).err, /--cookie: 'x' is no number of 64 bits/);
    const refused = await tool('run', testObjectPath('run'), '--', 'echo', 'begun');
    assert.deepEqual([refused.status, refused.out], [255, '']);
  });
});
