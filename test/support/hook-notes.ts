// What tests tell about hooks, for the table of hooks and kernels in docs/hooks.md.
import type { TestContext } from 'node:test';

/** The ways to attach a program; `use` is how programs come into use that no call attaches. */
export const WAYS = ['library', 'link attach', 'run', 'use'] as const;
export type Way = (typeof WAYS)[number];

/** What became of a hook in one way. */
export interface HookNote {
  /** As the table of hooks has it, without the `+` at its end. */
  readonly section: string;
  /** The first kernel. */
  readonly since: string;
  readonly way: Way;
  readonly outcome: 'fires' | 'not supported' | 'not tested';
  readonly reason?: string;
}

const MARK = 'hook: ';

/** Tells what became of a hook, where somebody wants results. */
export function tell(context: TestContext, note: HookNote): void {
  if (process.env.BPF_TS_RESULTS) context.diagnostic(MARK + JSON.stringify(note));
}

/** Reads a note out of a test's diagnostic message; undefined when it is none. */
export function noteOf(message: string): HookNote | undefined {
  return message.startsWith(MARK) ? (JSON.parse(message.slice(MARK.length)) as HookNote) : undefined;
}
