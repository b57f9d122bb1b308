import { ActivitySampler } from '../../src/program/run-stats.js';
import type { Options } from '../command.js';
import { GrammarError } from '../line/words.js';
import { Stop } from '../wait.js';
import { durationOf } from '../watching.js';
import type { Measurement } from './measured.js';

const TIME = 1000;

/**
 * Has the kernel count for as long as the command line says, or until Ctrl-C; undefined when it does not ask for that. The kernel counts no longer than this
 * takes, whatever happens: what enables it is a descriptor of this process.
 */
export async function measure({ own }: Options): Promise<Measurement | undefined> {
  if (own.for !== undefined && own.stats !== true) throw new GrammarError('--for goes with --stats');
  if (own.stats !== true) return undefined;
  const time = durationOf(own.for) ?? TIME;
  using stop = new Stop();
  using sampler = new ActivitySampler();
  await stop.pause(time);
  const { elapsedNs, programs } = sampler.sample();
  return new Map(programs.map((each) => [each.id, { ...each, elapsedNs }]));
}
