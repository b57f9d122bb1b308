import type { ObjectCommand } from './command.js';
import { ATTACH_TERM, attach, detach } from './prog-attach.js';
import { dump } from './prog-dump.js';
import { pin } from './prog-pin.js';
import { run } from './prog-run.js';
import { show } from './prog-show.js';
import { tracelog } from './prog-tracelog.js';
import { TERMS } from './reference.js';

export const command: ObjectCommand = {
  name: 'prog',
  summary: 'Programs in the kernel',
  subcommands: [show, dump, pin, attach, detach, tracelog, run],
  terms: [TERMS.program, TERMS.map, ATTACH_TERM],
};
