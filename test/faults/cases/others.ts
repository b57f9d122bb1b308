import type { Case } from '../case.js';
import { file, program, sent, typedMap } from '../things.js';

const SEE = program('run', 'see');
const VMLINUX = '/sys/kernel/btf/vmlinux';

/** What works on files alone, or on all that there is. */
export const OTHERS: readonly Case[] = [
  { of: 'help', line: 'prog load' },
  { of: 'version', loading: true },
  {
    of: 'batch',
    line: 'file FOLDER/commands',
    make: [SEE, file('commands', 'prog show pinned BPFFS/there\nprog pin pinned BPFFS/there BPFFS/again\n')],
  },
  { of: 'btf show', varies: true },
  { of: 'btf show', form: 'of a type', line: 'struct task_struct' },
  { of: 'btf dump', form: 'of a map', line: 'map pinned BPFFS/there', make: [typedMap('values', 'table')] },
  { of: 'btf dump', form: 'of a program, as C', line: 'prog pinned BPFFS/there format c', make: [SEE] },
  { of: 'btf dump', form: 'of a file', line: `file ${VMLINUX} root_id 1` },
  { of: 'feature probe', line: 'kernel', varies: true },
  { of: 'feature list_builtins', line: 'helpers' },
  { of: 'gen object', line: 'FOLDER/linked.o OBJ/run', atomic: true },
  { of: 'gen skeleton', line: 'OBJ/run' },
  { of: 'gen subskeleton', line: 'OBJ/run' },
  { of: 'gen min_core_btf', line: `${VMLINUX} FOLDER/small.btf OBJ/gen-core`, atomic: true },
  { of: 'gen ts', line: 'OBJ/gen-types' },
  { of: 'token show' },
  { of: 'run', line: 'OBJ/run --dev near --for 10ms', varies: true },
  { of: 'top', line: '--once --interval 10ms', varies: true },
  { of: 'watch', line: 'link --interval 10ms --for 25ms', varies: true },
  { of: 'events', line: 'pinned BPFFS/there --for 10ms', make: [sent('ring-buffer')], fresh: true },
  { of: 'events', form: 'of a perf buffer', line: 'pinned BPFFS/there --for 10ms', make: [sent('perf-buffer')] },
  { of: 'graph', line: 'map pinned BPFFS/there', make: [sent('ring-buffer')] },
  { of: 'completion bash' },
  { of: 'completion zsh' },
  { of: 'completion fish' },
  { of: 'completion words', line: '-- map show id', varies: true },
];
