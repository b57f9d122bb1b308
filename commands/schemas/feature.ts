import { dictionary, either, flag, integer, listOf, nothing, record, text } from '../../src/format/schema.js';
import { list, type ObjectSchemas, one } from './output.js';

const flags = dictionary(flag);

export const schemas: ObjectSchemas = {
  probe: one(
    record(
      { syscall_config: record({ have_bpf_syscall: flag }) },
      {
        system_config: {
          ...dictionary(either(integer, text, nothing)),
          description: 'Sysctls (-1 where they cannot be read) and options the kernel was built with (null where they are not set)',
        },
        program_types: flags,
        map_types: flags,
        helpers: dictionary(listOf(text)),
        misc: flags,
      },
    ),
  ),
  list_builtins: list(text),
};
