// Why the kernel refused an object.
import { sourceLine } from '../../src/btf/info.js';
import { VerifierError } from '../../src/errors.js';
import type { ObjectSpec } from '../../src/object/spec.js';
import { mapCapabilities, programCapabilities } from '../../src/system/creation-needs.js';
import { lockedHelper } from '../../src/system/privileges.js';
import { explainLog } from '../../src/verifier/explain.js';
import type { SourceText } from '../../src/verifier/lines.js';
import { refusalText } from '../../src/verifier/refusal.js';
import type { Options } from '../command.js';
import { Failure, noteNeeds } from '../print/failure.js';

/** The error that loading an object ended in, with what a person needs to know of it: the verifier's reason in source terms, or the right that is missing. */
export function explained(error: unknown, spec: ObjectSpec, { debug }: Pick<Options, 'debug'>): unknown {
  if (error instanceof VerifierError) return refused(error, spec, debug);
  const program = error instanceof Error && spec.programs.find(({ name }) => error.message.startsWith(`load program ${name}`));
  if (program) noteNeeds(error, programCapabilities(program.type));
  const map = error instanceof Error && spec.maps.find(({ name }) => error.message === `create map ${name}`);
  if (map) noteNeeds(error, mapCapabilities(map.type));
  return error;
}

function refused(error: VerifierError, spec: ObjectSpec, debug: boolean): Failure {
  const explanation = explainLog(error.log, { sourceAt: sourceLines(spec, error.program), ...(debug ? { lastLines: 0 } : {}) });
  const [reason = '', ...detail] = refusalText(error.program, explanation).split('\n');
  const locked = lockedHelper(reason);
  const sentence = locked === undefined ? reason : `${reason} (${locked})`;
  const { errno } = (error.cause ?? {}) as { errno?: number };
  // The verifier's own words stand in the sentence already, so the error is no cause that would be told once more.
  return Object.assign(new Failure(sentence, { detail: detail.join('\n') }), { errno });
}

/** Where each instruction of a program's own function comes from: kernels before 6.9 do not say it in their logs. */
function sourceLines(spec: ObjectSpec, name: string): (instruction: number) => SourceText | undefined {
  const program = spec.programs.find((each) => each.name === name);
  return (instruction) => {
    if (!program || instruction * 8 >= program.instructions.length) return undefined;
    const line = program.lineInfo?.findLast((each) => each.instruction <= instruction);
    return line && spec.btf ? sourceLine(spec.btf, line) : undefined;
  };
}
