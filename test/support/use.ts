// Hooks whose programs no call attaches: they come into use with a route, as a value of a map, or by being run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hookForSection } from '../../src/hook/all.js';
import { isOlderThan } from '../../src/system/kernel-version.js';
import { tell, type Way } from './hook-notes.js';
import { lacks } from './skips.js';

interface Terms {
  readonly skip: string | false;
  /** Options of the kernel's configuration that it needs. */
  readonly config?: readonly string[];
  readonly way?: Way;
  /** The first kernel on which it can be tested, and why not before. */
  readonly from?: readonly [since: string, reason: string];
}

/** Tests that a program of a section comes to run; `act` throws when it does not. A kernel that is too old has to refuse it by name of the one that can. */
export function testUse(title: string, section: string, terms: Terms, act: () => void | Promise<void>): void {
  const { hook, section: known } = hookForSection(section)!;
  const since = known.since ?? hook.since;
  const note = { section: known.name.replace(/\+$/, ''), since, way: terms.way ?? ('use' as const) };
  test(`${section}: ${title}`, { skip: terms.skip }, async (context) => {
    if (isOlderThan(since)) {
      await assert.rejects(async () => act(), new RegExp(`not supported by this kernel \\(needs ${since.replace('.', '\\.')}, this is `));
      return tell(context, { ...note, outcome: 'not supported' });
    }
    const [from, why] = terms.from ?? ['0', ''];
    const reason = isOlderThan(from) ? `needs Linux ${from}, ${why}` : lacks({ config: terms.config ?? [] });
    if (reason) {
      tell(context, { ...note, outcome: terms.from ? 'not tested' : 'not supported', reason });
      return context.skip(reason);
    }
    await act();
    return tell(context, { ...note, outcome: 'fires' });
  });
}
