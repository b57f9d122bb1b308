import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Rates, ratesOf } from '../../commands/top/activity.js';
import { keysIn } from '../../commands/top/screen.js';
import { cursor, firstState, shown, type TopState, withKey, withSample } from '../../commands/top/state.js';
import { view } from '../../commands/top/view.js';

const rates = (id: number, cpu: number, name = `p${id}`): Rates => ({
  id,
  type: 'xdp',
  name,
  cpu,
  rate: cpu * 100,
  average: 50,
  missed: 0,
});
const plain = (text: string) => text;
const size = { columns: 60, rows: 12 };

function pressed(state: TopState, ...keys: string[]): TopState {
  return keys.reduce(withKey, state);
}

function full(count: number): TopState {
  return withSample(
    firstState('cpu', ''),
    Array.from({ length: count }, (_, i) => rates(i + 1, count - i)),
  );
}

test('rates are counts by time, in the order that was asked for, and equal ones by id', () => {
  const program = (id: number, runs: bigint, timeNs: bigint) => ({ id, type: 'xdp', name: '', runs, timeNs, missed: 1n });
  const sample = { elapsedNs: 2_000_000_000n, programs: [program(3, 0n, 0n), program(2, 0n, 0n), program(1, 100n, 20_000_000n)] };
  const [first, second, third] = ratesOf(sample, 'cpu');
  assert.deepEqual(first, { id: 1, type: 'xdp', name: '', cpu: 1, rate: 50, average: 200_000, missed: 0.5 });
  assert.deepEqual([second!.id, third!.id], [2, 3]);
});

test('the cursor moves within the list, and stays on its program when the order changes', () => {
  const state = pressed(full(30), 'down', 'j', 'up', 'pagedown');
  assert.equal(cursor(state), 12);
  assert.equal(cursor(pressed(state, 's', 's')), 12);
  assert.equal(cursor(pressed(state, 'pagedown', 'pagedown', 'pagedown')), 30);
  assert.equal(cursor(pressed(full(0), 'down')), undefined);
});

test('what is typed behind / chooses programs, until Escape', () => {
  const state = pressed(full(30), '/', 'p', '3', 'x', 'backspace');
  assert.deepEqual([state.filter, state.typing, shown(state).map(({ id }) => id)], ['p3', true, [3, 30]]);
  const kept = pressed(state, 'enter', 'q');
  assert.deepEqual([kept.over, kept.filter], [true, 'p3']);
  assert.equal(shown(pressed(state, 'escape')).length, 30);
});

test('q goes back from one program to all, and then ends', () => {
  const state = pressed(full(3), 'down', 'enter');
  assert.deepEqual([state.detail, state.chosen], [true, 2]);
  assert.equal(pressed(state, 'q').over, false);
  assert.equal(pressed(state, 'q', 'q').over, true);
  assert.equal(pressed(state, 'ctrl-c').over, true);
});

test('the screen is filled exactly, whatever its size, and the cursor is on it', () => {
  for (const [columns, rows] of [
    [20, 5],
    [80, 24],
    [200, 60],
  ] as const) {
    const state = pressed(full(100), ...Array<string>(70).fill('down'));
    for (const shownState of [state, pressed(state, 'enter'), pressed(state, '/')]) {
      const lines = view(shownState, { columns, rows }, plain);
      assert.equal(lines.length, rows);
      assert.ok(
        lines.every((line) => [...line].length <= columns),
        lines.join('\n'),
      );
    }
    assert.ok(view(state, { columns, rows }, plain).some((line) => /^> +71 /.test(line)));
  }
});

test('names with control characters do not reach the terminal', () => {
  const state = withSample(firstState('cpu', ''), [rates(1, 1, 'a\x1b[2J')]);
  assert.ok(!view(state, size, plain).join('').includes('\x1b'));
  assert.ok(
    !view(pressed(state, 'enter'), size, plain, { lines: ['\x1b]0;x'] })
      .join('')
      .includes('\x1b'),
  );
});

test('the detail view draws the course, and says when the program has gone', () => {
  const states = [1, 2, 4].reduce((state, cpu) => withSample(state, [rates(7, cpu)]), firstState('cpu', ''));
  const state = pressed(states, 'enter');
  assert.match(view(state, size, plain).join('\n'), /CPU +4\.00 % {2}▃▅█/);
  assert.match(view(withSample(state, []), size, plain).join('\n'), /The program has gone/);
});

test('keys are told from what a terminal sends', () => {
  assert.deepEqual(keysIn('\x1b[A\x1b[B\x1bOAq\r\x7f\x03'), ['up', 'down', 'up', 'q', 'enter', 'backspace', 'ctrl-c']);
  assert.deepEqual(keysIn('\x1b'), ['escape']);
  assert.deepEqual(keysIn('\x1b[200~ä'), ['ä']);
});
