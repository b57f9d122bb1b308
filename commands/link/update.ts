import { done, subcommand } from '../command.js';
import { takeLink, takeProgram } from '../reference/reference.js';

/** `link update LINK PROG [expected PROG]` */
export const update = subcommand({
  name: 'update',
  summary: 'Replace the program of a link in one step, so that none is missed in between',
  grammar: 'LINK PROG [expected PROG]',
  examples: ['bpf-ts link update pinned /sys/fs/bpf/my-link name count_new', 'bpf-ts link update id 12 id 41 expected id 40'],
  run: (words) => {
    using link = takeLink(words);
    using program = takeProgram(words);
    using expected = words.takeIf('expected') ? takeProgram(words) : undefined;
    words.end();
    link.update(program.fd, expected?.fd);
    return done;
  },
});
