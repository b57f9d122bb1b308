import { dump } from './btf/dump.js';
import { show } from './btf/show.js';
import type { ObjectCommand } from './command.js';
import { TERMS } from './reference/reference.js';

export const command: ObjectCommand = {
  name: 'btf',
  summary: 'BTF objects in the kernel: types of the kernel, its modules, and programs',
  subcommands: [show, dump],
  terms: [TERMS.program, TERMS.map],
};
