import type { Explanation } from './explain.js';
import type { SourceText } from './lines.js';

/** How the log ends, whatever is in it. */
const COUNTS = /^processed \d+ insns /;

/**
 * What a person reads when a program was refused: the reason, the line of C it was at, what to do, and the end of the log where that says more.
 * The first line is a sentence that can follow `Error: `.
 */
export function refusalText(program: string, explanation: Explanation): string {
  const { reason, instruction, source, register, acquired, hint, lastLines } = explanation;
  const lines = [`program ${program}: refused by the verifier: ${reason || 'its log gives no reason'}`];
  if (instruction !== undefined) lines.push(`  at ${placeText(instruction, source)}`);
  if (acquired) lines.push(`  acquired at ${placeText(acquired.instruction, acquired.source)}`);
  if (register) lines.push(`  ${register.name} is ${register.state}`);
  if (hint !== undefined) lines.push(`  ${hint}`);
  if (lastLines.some((line) => line !== reason && !COUNTS.test(line)))
    lines.push('The end of the verifier log (all of it with -d):', ...lastLines.map((line) => `  ${line}`));
  return lines.join('\n');
}

function placeText(instruction: number, source: SourceText | undefined): string {
  if (!source) return `instruction ${instruction}`;
  const file = source.file === undefined ? '' : `${source.file}${source.line === undefined ? '' : `:${source.line}`}: `;
  return `${file}${source.text.trim()} (instruction ${instruction})`;
}
