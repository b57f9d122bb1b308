import { preparePin, Rollback } from '../../src/system/bpffs.js';
import { done, subcommand } from '../command.js';
import { INVALID } from '../print/errno-status.js';
import { takeProgram } from '../reference/reference.js';
import { holdSignals } from '../signals.js';

/** `prog pin PROG FILE` */
export const pin = subcommand({
  name: 'pin',
  summary: 'Make a program stay, at a path on a BPF file system',
  grammar: 'PROG FILE',
  examples: ['bpf-ts prog pin id 7 /sys/fs/bpf/my-program'],
  failure: { missing: INVALID },
  run: (words, { nomount }) => {
    using program = takeProgram(words);
    const path = words.next('FILE');
    words.end();
    using _ = holdSignals();
    using rollback = new Rollback();
    preparePin(path, { nomount, rollback });
    program.pin(path);
    rollback.commit();
    return done;
  },
});
