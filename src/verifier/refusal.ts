import type { Explanation } from './explain.js';
import type { SourceText } from './lines.js';

/** How the log ends, whatever is in it. */
const COUNTS = /^processed \d+ insns /;

/**
 * What a person reads when a program was refused: the reason, the line of C it was at, what to do, and the end of the log where that says more.
 * The first line is a sentence that can follow `Error: `.
 */
export function refusalText(program: string, explanation: Explanation): string {
  const { reason, hint } = explanation;
  const first = `program ${program}: refused by the verifier: ${reason || 'its log gives no reason'}`;
  const [places, log] = [placeLines(explanation), logLines(explanation)];
  if (hint === undefined) return [first, ...places, ...log].join('\n');
  // What has no place and no log to be looked at is said on one line.
  return places.length + log.length === 0 ? `${first}. ${hint}` : [first, ...places, `  ${hint}`, ...log].join('\n');
}

function placeLines({ reason, instruction, source, register, acquired }: Explanation): string[] {
  const lines: string[] = [];
  const isSaid = source === undefined && new RegExp(`\\binsn ${instruction}\\b`).test(reason);
  if (instruction !== undefined && !isSaid) lines.push(`  at ${placeText(instruction, source)}`);
  if (acquired) lines.push(`  acquired at ${placeText(acquired.instruction, acquired.source)}`);
  if (register) lines.push(`  ${register.name} is ${register.state}`);
  return lines;
}

function logLines({ reason, lastLines }: Explanation): string[] {
  if (lastLines.every((line) => line === reason || COUNTS.test(line))) return [];
  return ['The end of the verifier log (all of it with -d):', ...lastLines.map((line) => `  ${line}`)];
}

function placeText(instruction: number, source: SourceText | undefined): string {
  if (!source) return `instruction ${instruction}`;
  const file = source.file === undefined ? '' : `${source.file}${source.line === undefined ? '' : `:${source.line}`}: `;
  return `${file}${source.text.trim()} (instruction ${instruction})`;
}
