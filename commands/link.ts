import { preparePin, Rollback } from '../src/system/bpffs.js';
import { done, type ObjectCommand, type Output, subcommand } from './command.js';
import type { Words } from './line/words.js';
import { attachLink } from './link/attach.js';
import { show } from './link/show.js';
import { update } from './link/update.js';
import { INVALID, withStatus } from './print/errno-status.js';
import { TERMS, takeLink } from './reference/reference.js';
import { holdSignals } from './signals.js';
import { HOOK_TERMS } from './target-words.js';

/** Whatever the reason. */
const NOT_DETACHED = 1;

export const command: ObjectCommand = {
  name: 'link',
  summary: 'Links in the kernel: what holds programs at their hooks',
  subcommands: [
    show,
    subcommand({
      name: 'pin',
      summary: 'Make a link stay, at a path on a BPF file system',
      grammar: 'LINK FILE',
      examples: ['bpf-ts link pin id 12 /sys/fs/bpf/my-link'],
      failure: { missing: INVALID },
      run: (words, { nomount }) => {
        using link = takeLink(words);
        const path = words.next('FILE');
        words.end();
        using _ = holdSignals();
        using rollback = new Rollback();
        preparePin(path, { nomount, rollback });
        link.pin(path);
        rollback.commit();
        return done;
      },
    }),
    subcommand({
      name: 'detach',
      summary: 'Detach the program of a link; the link stays, empty, for who holds it',
      grammar: 'LINK',
      examples: ['bpf-ts link detach id 12', 'bpf-ts link detach pinned /sys/fs/bpf/my-link'],
      run: (words) => withStatus(() => detach(words), NOT_DETACHED),
    }),
    attachLink,
    update,
  ],
  terms: [TERMS.link, TERMS.program, ...HOOK_TERMS],
};

function detach(words: Words): Output<never> {
  using link = takeLink(words);
  words.end();
  link.detach();
  return done;
}
