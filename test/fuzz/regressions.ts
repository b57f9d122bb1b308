// What failed once, and must not again: files named after their target, and long inputs of which one line says what they are.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILES = fileURLToPath(new URL('../../../test/fuzz/corpus/regressions/', import.meta.url));

const LONG: Readonly<Record<string, () => string>> = {
  'batch-continued-lines': () => `${'a\\\n'.repeat(180_000)}\n`,
  'log-blanks': () => `8: (7b) *(u64 *)(r10 -64) = r1${' '.repeat(50_000)}x\n`,
  'log-repeated-reason': () => `${'stack size 512. '.repeat(1500).trimEnd()}\n${'combined stack \n'.repeat(4000)}`,
};

export interface Regression {
  /** It begins with that of its target. */
  readonly name: string;
  readonly input: Uint8Array;
}

export function* regressions(): Generator<Regression> {
  for (const name of readdirSync(FILES)) yield { name, input: new Uint8Array(readFileSync(FILES + name)) };
  for (const [name, text] of Object.entries(LONG)) yield { name, input: new TextEncoder().encode(text()) };
}
