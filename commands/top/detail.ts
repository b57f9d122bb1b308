import { sourceText } from '../../src/asm/source.js';
import { Program } from '../../src/program/program.js';
import { xlated } from '../../src/program/xlated.js';
import { Kallsyms } from '../../src/system/kallsyms.js';
import { holders } from '../../src/system/processes.js';
import { holdersText } from '../surroundings.js';
import type { Detail } from './view.js';

/** What the detail view shows of a program beside its rates. */
export function detailOf(id: number): Detail {
  try {
    const held = holders('program').get(id) ?? [];
    using program = Program.fromId(id);
    const { tag, mapIds, uid } = program.info;
    const about = [
      `tag ${tag}`,
      `uid ${uid}`,
      mapIds.length > 0 && `maps ${mapIds.join(', ')}`,
      held.length > 0 && `held by ${holdersText(held)}`,
    ];
    return { lines: [about.filter(Boolean).join('   '), '', ...sourceOf(program)] };
  } catch (error) {
    return { lines: [(error as Error).message] };
  }
}

/** The lines of source that the program was made from, with their files, as far as its BTF has them. */
function sourceOf(program: Program): string[] {
  using symbols = new Kallsyms();
  const seen = new Set<string>();
  const text: string[] = [];
  let file: string | undefined;
  for (const source of xlated(program.fd, symbols).lines) {
    const key = `${source.file}:${source.line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (source.file !== file) text.push(`${source.file}:`);
    file = source.file;
    text.push(`${String(source.line).padStart(6)}  ${sourceText(source, false).slice(2).trimEnd()}`);
  }
  return text;
}
