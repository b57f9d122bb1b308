// Damages valid inputs and reads them: `npm run fuzz -- --for 10m [--seed 7] [--target btf]...`; see docs/fuzzing.md.
import { parseArgs } from 'node:util';
import { startCounting } from './coverage.js';

const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', multiple: true, default: [] },
    first: { type: 'string', default: '0' },
    for: { type: 'string' },
    keep: { type: 'string', default: 'fuzz-failures' },
    input: { type: 'string' },
    sums: { type: 'string' },
    'save-corpus': { type: 'boolean', default: false },
    unguided: { type: 'boolean', default: false },
  },
});

export type FuzzOptions = typeof options;

// Before anything is loaded that shall be counted.
if (!options.unguided && options.input === undefined) startCounting();
const { runSession } = await import('./session.js');
runSession(options);
