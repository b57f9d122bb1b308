import { UsageError } from '../../src/errors.js';
import { Program } from '../../src/program/program.js';
import type { Words } from '../line/words.js';
import { Handles, matching, only, takeReference, toId } from './handles.js';

/** Takes a PROG: all programs that it names, at least one. The caller disposes of them. */
export function takePrograms(words: Words): Handles<Program> {
  const { by, value } = takeReference(words, 'PROG', ['id', 'tag', 'name', 'pinned']);
  switch (by) {
    case 'id':
      return new Handles([Program.fromId(toId(value))]);
    case 'pinned':
      return new Handles([Program.fromPin(value)]);
    case 'tag': {
      const tag = toTag(value);
      return matching(Program.all(), (program) => program.info.tag === tag, `no program with tag ${value}`);
    }
    case 'name':
      return matching(Program.all(), (program) => program.name === value, `no program named '${value}'`);
  }
}

/** Takes a PROG that has to name one program. The caller disposes of it. */
export function takeProgram(words: Words): Program {
  return only(takePrograms(words), 'programs');
}

function toTag(text: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text)) throw new UsageError(`a tag has 16 hex digits; '${text}' has not`);
  return text.toLowerCase();
}
