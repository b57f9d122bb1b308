// What `prog profile` makes of readings. Counters of the processor are missing in most virtual machines: QEMU has them for arm64 alone, with `-cpu max -icount shift=1`,
// where these were read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subcommand } from '../../commands/command.js';
import { profile as command } from '../../commands/prog/profile.js';
import { json } from '../../src/format/json.js';
import { METRICS } from '../../src/load/profile/metrics.js';
import type { Profile } from '../../src/load/profile/profiler.js';
import { SchemaCheck } from '../support/schema-check.js';

const profile = command as unknown as Required<Pick<Subcommand<unknown>, 'json' | 'plain' | 'heading'>>;

function rowsOf(runs: bigint, counts: Readonly<Record<string, readonly [value: bigint, enabled: bigint, running: bigint]>>) {
  const readings = METRICS.filter(({ name }) => name in counts).map((metric) => {
    const [value, enabled, running] = counts[metric.name]!;
    return { metric, value, enabled, running };
  });
  const whole: Profile = { runs, readings };
  return readings.map((reading) => ({ ...reading, profile: whole }));
}

const READ = rowsOf(78_000n, {
  cycles: [146_172_354n, 146_164_880n, 146_164_880n],
  instructions: [73_078_981n, 146_150_448n, 146_150_448n],
});

test('readings of counters are what the schema says, also beyond what a number can hold', async () => {
  const schema = await SchemaCheck.of('prog profile');
  const largest = 2n ** 64n - 1n;
  for (const rows of [READ, rowsOf(largest, Object.fromEntries(METRICS.map(({ name }) => [name, [largest, largest, 0n] as const])))]) {
    const text = json(rows.map((row) => profile.json(row)));
    schema.whole(text, 'readings');
    assert.ok(text.includes(`"run_cnt":${rows[0]!.profile.runs},`));
  }
});

test('a metric that is one of another is shown with the ratio, and with the share of the time in which it was counted', () => {
  const shown = (rows: typeof READ) => profile.heading(rows[0]!) + rows.map((row) => profile.plain(row)).join('');
  assert.equal(
    shown(READ).replace(/ +$/gm, ''),
    '\n             78000 run_cnt\n         146172354 cycles\n          73078981 instructions        #     0.50 insns per cycle\n',
  );
  const half = rowsOf(1n, { instructions: [2_000_000n, 100n, 50n], llc_misses: [3n, 100n, 50n] });
  assert.match(shown(half), /\n +2000000 instructions +\(50\.00%\)\n +3 llc_misses +# +1\.50 LLC misses per million insns +\(50\.00%\)\n$/);
});
