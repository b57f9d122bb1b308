// Command lines that fail, by object: both tools have to end with the same status. Words in braces stand for what LiveState.words and the test itself have.
import { ATTACHED_FAILURES } from './failures/attached.js';
import { MAP_FAILURES } from './failures/map.js';
import { OTHER_FAILURES } from './failures/others.js';
import { PROGRAM_FAILURES } from './failures/prog.js';

/** Lines of each object; `-` in front of an option's value is not special. */
export const FAILING: Readonly<Record<string, readonly string[]>> = {
  line: [
    'nosuchcommand',
    '--nosuch prog',
    'prog nosuch',
    'map nosuch',
    'link nosuch',
    'cgroup nosuch',
    'net nosuch',
    'perf nosuch',
    'btf nosuch',
    'feature nosuch',
    'gen nosuch',
    'struct_ops nosuch',
    'iter nosuch',
    'token nosuch',
    'batch',
    'batch nosuch',
    'batch file',
    'batch file /nonexistent',
    'batch file {files}/failing',
    'batch file {files}/unknown',
    '-B /nonexistent btf dump file {object}',
    '-B {files}/packet btf dump file {object}',
  ],
  ...PROGRAM_FAILURES,
  ...MAP_FAILURES,
  ...ATTACHED_FAILURES,
  ...OTHER_FAILURES,
};
