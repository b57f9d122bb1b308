import { GLOBAL_OPTIONS } from '../line/options.js';
import type { Page, PageCommand } from './page.js';

/** A page in the man macros of roff (man(7)), of section 8. */
export function man({ title, summary, commands, terms, seeAlso }: Page, version: string): string {
  const lines = [
    `.TH ${text(title.toUpperCase())} 8 "" "bpf\\-ts ${text(version)}" "bpf\\-ts manual"`,
    ...section('NAME', [`${text(title)} \\- ${text(summary[0]!.toLowerCase() + summary.slice(1))}`]),
    ...section(
      'SYNOPSIS',
      commands.flatMap(({ usage }, i) => [...(i === 0 ? [] : ['.br']), `.B ${text(usage)}`]),
    ),
    ...section('COMMANDS', commands.flatMap(commandLines)),
    ...(terms.length > 0 ? section('WORDS', verbatim(terms)) : []),
    ...section('OPTIONS', optionLines(GLOBAL_OPTIONS)),
    ...section('EXIT STATUS', [
      text('0: all was done. 141: what reads the output has gone. Any other number, mostly 255: it was not done, and why is said.'),
    ]),
    ...section('SEE ALSO', [seeAlso.map((other) => `\\fB${text(other)}\\fR(8)`).join(', ')]),
  ];
  return `${lines.join('\n')}\n`;
}

function section(name: string, lines: readonly string[]): string[] {
  return [`.SH ${name}`, ...lines];
}

function commandLines({ usage, aliases, summary, options, examples }: PageCommand): string[] {
  return [
    '.TP',
    `.B ${text(usage)}`,
    text(`${summary}.${aliases.length > 0 ? ` Also called ${aliases.join(', ')}.` : ''}`),
    ...(options.length > 0 ? ['.RS', ...optionLines(options), '.RE'] : []),
    ...(examples.length > 0 ? ['.RS', ...verbatim(examples), '.RE'] : []),
  ];
}

function optionLines(options: readonly { flags: string; summary: string }[]): string[] {
  return options.flatMap(({ flags, summary }) => ['.TP', `.B ${text(flags)}`, text(summary)]);
}

function verbatim(lines: readonly string[]): string[] {
  return ['.PP', '.nf', ...lines.flatMap((line) => line.split('\n')).map(text), '.fi'];
}

/** Text that roff takes as it is: no escapes, hyphens that stay hyphens when they are copied, no line that begins as a request. */
function text(raw: string): string {
  return raw
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/^([.'])/, '\\&$1');
}
