import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { manyPrograms } from '../../bench/fixtures.js';
import { noStrace } from '../faults/strace.js';
import { noRoot } from '../support/live.js';
import { noTerminal, Terminal } from '../support/terminal.js';
import { TOOL } from '../support/tool.js';
import { within } from '../support/within.js';

const [ENTER, LEAVE] = ['\x1b[?1049h', '\x1b[?1049l'];
const SOON_MS = 60_000;

type Options = ConstructorParameters<typeof Terminal>[1] & { readonly before?: readonly string[] };

/** `top` on a terminal, once it has drawn. */
async function top({ before = [], ...options }: Options = {}): Promise<Terminal> {
  const terminal = new Terminal([...before, ...TOOL, 'top', '--interval', '50ms'], options);
  await terminal.shows('q ends');
  return terminal;
}

/** The screen of before, its cursor, its lines, and keys as they were. */
function assertGivenBack({ text, cooked }: Terminal): void {
  assert.equal(text.lastIndexOf(LEAVE) > text.lastIndexOf(ENTER), true, 'it stays on its screen');
  assert.equal(text.lastIndexOf('\x1b[?25h') > text.lastIndexOf('\x1b[?25l'), true, 'the cursor stays hidden');
  assert.equal(text.lastIndexOf('\x1b[?7h') > text.lastIndexOf('\x1b[?7l'), true, 'lines stay cut');
  assert.equal(cooked, true, 'keys are still given one by one');
}

/** What was written after the terminal was given back. */
const behind = ({ text }: Terminal) => text.slice(text.lastIndexOf(LEAVE) + LEAVE.length);

const withoutColours = (text: string) => text.replaceAll(/\x1b\[\d*m/g, '');

/** A sentence that was folded for the terminal, on one line. */
const unfolded = (text: string) => withoutColours(text).replaceAll(/\r\n {7}/g, ' ');

describe('top gives the terminal back', { skip: noRoot || noTerminal }, () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`when it is ended by ${signal}`, async () => {
      using terminal = await top();
      assert.equal(terminal.cooked, false);
      terminal.child.kill(signal);
      assert.deepEqual(await terminal.ended, { status: 0, signal: null });
      await terminal.shows(LEAVE);
      assertGivenBack(terminal);
    });
  }

  test('when an error in it is caught by nobody', async () => {
    const crash = "data:text/javascript,setTimeout(()=>{throw'injected'},8000)";
    using terminal = await top({ env: { NODE_OPTIONS: `--import ${crash}` } });
    assert.notEqual((await terminal.ended).status, 0);
    await terminal.shows(LEAVE);
    assertGivenBack(terminal);
    assert.match(terminal.text, /injected/);
  });

  test('when the kernel refuses what it asks for, in one sentence behind it', { skip: noStrace() }, async () => {
    // After the start, which asks some times for each program that is there, as every sample does.
    using _programs = manyPrograms(100);
    const inject = [
      'strace',
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=bpf',
      '-e',
      'inject=bpf:error=EPERM:when=3000+',
    ];
    using terminal = await top({ before: inject });
    assert.equal((await terminal.ended).status, 255);
    await terminal.shows(LEAVE);
    await within(SOON_MS, () => behind(terminal).includes('Error'));
    assertGivenBack(terminal);
    assert.match(unfolded(behind(terminal)), /^Error: [^\n]*not permitted[^\n]*\r\n$/);
  });

  test('while it is stopped by Ctrl-Z, and takes it again when it goes on', async () => {
    using terminal = await top();
    for (const stop of [() => terminal.send('\x1a'), () => terminal.child.kill('SIGTSTP')]) {
      const before = terminal.text.length;
      stop();
      await terminal.shows(LEAVE, before);
      // A terminal's own group has no shell that could continue it: then the kernel does not stop it.
      await terminal.shows(ENTER, before);
      await terminal.shows('q ends', terminal.text.lastIndexOf(ENTER));
      assert.equal(terminal.cooked, false);
    }
    terminal.send('q');
    assert.equal((await terminal.ended).status, 0);
    assertGivenBack(terminal);
  });

  test('to a shell that has it in the background meanwhile', async () => {
    const command = `set -m; ${TOOL.join(' ')} top --interval 50ms; echo stopped; stty -a; fg; echo ended`;
    using terminal = new Terminal(['sh', '-c', command]);
    await terminal.shows('q ends');
    terminal.send('\x1a');
    await terminal.shows(/stopped[\s\S]* icanon/);
    assert.match(behind(terminal), /stopped/);
    await terminal.shows(ENTER, terminal.text.indexOf('icanon'));
    const again = terminal.text.lastIndexOf(ENTER);
    await terminal.shows('q ends', again);
    terminal.send('q');
    await terminal.shows('ended', again);
    assertGivenBack(terminal);
  });
});

describe('top ends', { skip: noRoot || noTerminal }, () => {
  for (const controls of [true, false]) {
    test(`when its terminal goes away, ${controls ? 'which is told by a signal' : 'which only errors tell'}`, async () => {
      using terminal = await top({ controls });
      terminal.hangUp();
      const ended = await Promise.race([terminal.ended, within(SOON_MS, () => false)]);
      assert.notEqual(ended, false, 'it goes on');
      assert.equal((ended as { signal: unknown }).signal, null);
    });
  }

  test('by a signal while its terminal takes nothing', async () => {
    using terminal = await top({ rows: 200, columns: 200 });
    terminal.stall();
    // More than a terminal keeps.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    terminal.child.kill('SIGTERM');
    const ended = await Promise.race([terminal.ended, within(SOON_MS, () => false)]);
    assert.deepEqual(ended, { status: 0, signal: null });
  });
});

test('top draws on windows of any size', { skip: noRoot || noTerminal }, async () => {
  using terminal = await top();
  for (const [rows, columns] of [
    [1, 1],
    [2, 3],
    [3, 200],
    [5, 10],
    [1000, 2000],
    [0, 0],
    [24, 100],
  ] as const) {
    const before = terminal.text.length;
    terminal.resize(rows, columns);
    const lines = rows || 24;
    // The first picture may still be one of the size before.
    await terminal.shows(/(\x1b\[H[\s\S]*){4}/, before);
    const picture = terminal.text.slice(before).split('\x1b[H').at(-2)!;
    assert.equal(picture.split('\r\n').length, lines, `${rows} rows, ${columns} columns`);
  }
  terminal.send('q');
  assert.equal((await terminal.ended).status, 0);
  assertGivenBack(terminal);
});
