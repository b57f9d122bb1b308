// What a run of tests comes to, for whoever started it.
import type { HookNote } from './hook-notes.js';

/** Written as JSON to the file that `$BPF_TS_RESULTS` names. */
export interface Results {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** How many were skipped, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** How long each file took, the longest first. Files run beside each other, so this is more than the whole. */
  readonly seconds: Readonly<Record<string, number>>;
  /** What became of hooks. */
  readonly hooks: readonly HookNote[];
}
