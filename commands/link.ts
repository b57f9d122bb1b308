import { preparePin, Rollback } from '../src/system/bpffs.js';
import { done, type ObjectCommand, subcommand } from './command.js';
import { attachLink } from './link/attach.js';
import { show } from './link/show.js';
import { update } from './link/update.js';
import { TERMS, takeLink } from './reference/reference.js';
import { HOOK_TERMS } from './target-words.js';

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
      run: (words, { nomount }) => {
        using link = takeLink(words);
        const path = words.next('FILE');
        words.end();
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
      run: (words) => {
        using link = takeLink(words);
        words.end();
        link.detach();
        return done;
      },
    }),
    attachLink,
    update,
  ],
  terms: [TERMS.link, TERMS.program, ...HOOK_TERMS],
};
