import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../src/errors.js';
import type { Held } from '../../src/link/attachment.js';
import { Link } from '../../src/link/link.js';
import { registerStructOps } from '../../src/link/struct-ops.js';
import type { LoadedMap } from '../../src/load/loaded-object.js';
import { pinName, unpinOwn } from '../../src/load/pin.js';
import { structNameOf } from '../../src/load/registered-struct-ops.js';
import { preparePinDirectory, Rollback } from '../../src/system/bpffs.js';
import { done, type Options, subcommand } from '../command.js';
import { loadObject, readObject } from '../loading/object-file.js';
import { tell, warn } from '../print/warn.js';
import { holdSignals } from '../signals.js';

/** `struct_ops register OBJ [LINK_DIR]` */
export const register = subcommand({
  name: 'register',
  summary: 'Load an object file and put its struct_ops maps to use; the links of those that have one are pinned in LINK_DIR by their names',
  grammar: 'OBJ [LINK_DIR]',
  examples: ['bpf-ts struct_ops register my_tcp.bpf.o', 'bpf-ts struct_ops register my_tcp.bpf.o /sys/fs/bpf/my_tcp'],
  run: async (words, options) => {
    const file = words.next('OBJ');
    const directory = words.left > 0 ? words.next('LINK_DIR') : undefined;
    words.end();
    const spec = readObject(file, options);
    using loaded = await loadObject(spec, {}, options);
    const maps = loaded.maps.filter(({ structOps }) => structOps !== undefined);
    using _ = holdSignals();
    // Comes to its end before the maps do, which it needs.
    using rollback = new Rollback();
    rollback.add(() => unpinOwn(loaded));
    if (maps.length === 0) throw new UsageError(`${file} has no struct_ops map`);
    if (directory !== undefined) preparePinDirectory(directory, { nomount: options.nomount, rollback });
    const said = maps.map((map) => registerOne(map, directory, rollback, options));
    rollback.commit();
    for (const sentence of said) tell(options, sentence);
    return done;
  },
});

/** Gives the sentence that says what was done. When another map is refused, `rollback` ends this one's use. */
function registerOne({ map, structOps }: LoadedMap, directory: string | undefined, rollback: Rollback, options: Options): string {
  // First: what fails behind the registration would leave it.
  const title = `Registered ${structNameOf(map)} ${map.name}`;
  const attachment = registerStructOps(map, structOps!.value);
  if (!(attachment instanceof Link)) return keep(attachment, rollback, `${title} id ${map.id}`);
  using link = attachment;
  if (directory === undefined) warn(options, `the link of ${map.name} is not pinned, so its use ends with this command: give a LINK_DIR`);
  else pin(link, join(directory, pinName(map.name)), rollback);
  return `${title} map id ${map.id} link id ${link.info.id}`;
}

function keep(held: Held, rollback: Rollback, sentence: string): string {
  // Nothing ends it but this: the kernel keeps what is registered.
  rollback.add(() => held.detach());
  return sentence;
}

function pin(link: Link, path: string, rollback: Rollback): void {
  link.pin(path);
  rollback.add(() => unlinkSync(path));
}
