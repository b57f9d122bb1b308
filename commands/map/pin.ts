import { preparePin, Rollback } from '../../src/system/bpffs.js';
import { done, subcommand } from '../command.js';
import { INVALID, withStatus } from '../print/errno-status.js';
import { takeMap } from '../reference/reference.js';
import { holdSignals } from '../signals.js';

/** `map pin MAP FILE` */
export const pin = subcommand({
  name: 'pin',
  summary: 'Make a map stay, and be found, at a path on a BPF file system',
  grammar: 'MAP FILE',
  examples: ['bpf-ts map pin id 7 /sys/fs/bpf/counts'],
  failure: { missing: INVALID },
  run: (words, { nomount }) => {
    using map = takeMap(words, 'read');
    const path = words.next('FILE');
    words.end();
    using _ = holdSignals();
    using rollback = new Rollback();
    preparePin(path, { nomount, rollback });
    withStatus(() => map.pin(path));
    rollback.commit();
    return done;
  },
});

/** `map freeze MAP` */
export const freeze = subcommand({
  name: 'freeze',
  summary: 'Let nobody in user space write to a map from now on',
  grammar: 'MAP',
  run: (words) => {
    using map = takeMap(words);
    words.end();
    withStatus(() => map.freeze());
    return done;
  },
});
