import {
  anything,
  bytes,
  count,
  dictionary,
  either,
  flag,
  hexBytes,
  integer,
  listOf,
  named,
  nothing,
  number,
  record,
  text,
} from '../../src/format/schema.js';
import { device, programHeader, surroundings } from './common.js';
import { done, list, type ObjectSchemas, one, oneOrList } from './output.js';

const program = record(
  { ...programHeader.required, orphaned: flag, bytes_xlated: count, jited: flag },
  {
    ...programHeader.optional,
    dev: device,
    loaded_at: { ...integer, description: 'Seconds since 1970' },
    uid: count,
    bytes_jited: count,
    bytes_memlock: count,
    map_ids: listOf(count),
    btf_id: count,
    ...surroundings,
    stats: {
      ...record({ interval_ns: count, run_cnt: count, run_time_ns: count }, { average_ns: count, recursion_misses: count }),
      description: 'With --stats: what it did meanwhile',
    },
    metadata: { ...dictionary(anything), description: 'The variables of .rodata that begin with bpf_metadata_' },
  },
);

const source = { src: text, file: text, line_num: count, line_col: count };
const opcodes = record({ code: text, src_reg: text, dst_reg: text, off: hexBytes, imm: hexBytes });
const instruction = record({ disasm: text }, { proto: text, ...source, opcodes });
const machineFunction = record(
  {
    name: text,
    insns: listOf(
      record(
        { pc: text },
        { ...source, operation: text, operands: listOf(either(text, nothing)), opcodes: hexBytes, symbol: text, target_pc: text },
      ),
    ),
  },
  { proto: text },
);
const ofSeveral = record({ ...programHeader.required, insns: listOf(either(instruction, machineFunction)) }, programHeader.optional);

/** With --dry-run; null when it was loaded. */
const plan = record({
  object: text,
  license: text,
  maps: listOf(
    record(
      { name: text, type: text, flags: count, bytes_key: count, bytes_value: count, max_entries: count },
      { created: flag, section: text, pinned: text },
    ),
  ),
  programs: listOf(
    record(
      { name: text, type: text, section: text },
      {
        attach_type: text,
        target: text,
        target_found: anything,
        instructions: count,
        functions: anything,
        core_relocations: anything,
        unresolved: anything,
      },
    ),
  ),
  externs: listOf(record({ name: text, kind: text }, { weak: flag, value: anything })),
  notes: listOf(text),
});
const load = one(either(nothing, plan));

export const schemas: ObjectSchemas = {
  show: oneOrList(program),
  dump: {
    kind: 'one',
    row: either(nothing, listOf(either(instruction, machineFunction, ofSeveral))),
    line: either(instruction, machineFunction, ofSeveral),
  },
  pin: done,
  load,
  loadall: load,
  attach: done,
  detach: done,
  tracelog: list(text),
  run: one(
    record({ retval: count, duration: { ...count, description: 'Nanoseconds of a run, on average' } }, { data_out: bytes, ctx_out: bytes }),
  ),
  profile: list(record({ metric: text, run_cnt: count, value: count, enabled: count, running: count }, { ratio: number, type: named })),
};
