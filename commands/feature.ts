import { HELPERS } from '../src/kernel/enums.gen.js';
import { attachTypes, linkTypes, mapTypes, progTypes } from '../src/kernel/names.js';
import { list, type ObjectCommand, subcommand } from './command.js';
import { probe } from './feature/probe.js';

const helpers = HELPERS.map((name) => `bpf_${name}`);

const GROUPS = {
  prog_types: progTypes.names,
  map_types: mapTypes.names,
  attach_types: attachTypes.names,
  link_types: linkTypes.names,
  // Number 0, which is no helper, is called as in enum bpf_func_id.
  helpers,
} as const;

const listBuiltins = subcommand<string>({
  name: 'list_builtins',
  summary: 'List the names of the types and helpers that bpf-ts knows, in the order of their numbers',
  grammar: 'GROUP',
  examples: ['bpf-ts feature list_builtins helpers'],
  run: (words) => {
    const group = words.choose('GROUP', Object.keys(GROUPS) as (keyof typeof GROUPS)[]);
    words.end();
    return list(GROUPS[group]);
  },
  plain: (name) => `${name}\n`,
});

export const command: ObjectCommand = {
  name: 'feature',
  summary: 'What this kernel can do',
  subcommands: [probe, listBuiltins],
  terms: ['COMPONENT := { kernel | dev NAME }', 'GROUP := { prog_types | map_types | attach_types | link_types | helpers }'],
};
