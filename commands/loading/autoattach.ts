import { attach } from '../../src/link/attach.js';
import { Link } from '../../src/link/link.js';
import type { LoadedProgram } from '../../src/load/loaded-object.js';
import type { Options } from '../command.js';
import { warn } from '../print/warn.js';

/** Attaches a program as its section says and pins the link, or pins the program, and says so, where the section does not say enough. */
export function attachOrPin(loaded: LoadedProgram, path: string, options: Options): void {
  if (canAttach(loaded, options)) attachAndPin(loaded, path);
  else loaded.program.pin(path);
}

/** Only a section that says all there is to say attaches by itself. */
function canAttach({ spec }: LoadedProgram, options: Options): boolean {
  if (spec.hook?.autoAttach && spec.target !== undefined) return true;
  warn(options, `section ${spec.section} does not say where to attach program ${spec.name}, so the program is pinned instead of a link`);
  return false;
}

/** The link is what keeps the program attached once this process has ended. */
function attachAndPin({ spec, program }: LoadedProgram, path: string): void {
  using attachment = attach(program, spec.section);
  if (!(attachment instanceof Link))
    throw new Error(`program ${spec.name}: this kernel has no links for ${spec.section}, so nothing could be pinned`);
  attachment.pin(path);
}
