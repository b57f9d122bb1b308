import { GLOBAL_OPTIONS } from '../line/options.js';
import type { Page, PageCommand } from './page.js';

/** A page in Markdown. */
export function markdown({ title, summary, commands, terms, seeAlso }: Page): string {
  const parts = [
    `# ${title}`,
    `${summary}.`,
    ...commands.map(commandText),
    terms.length > 0 && `## Words\n\n${fenced(terms)}`,
    `## Options of every command\n\n${optionTable(GLOBAL_OPTIONS)}`,
    `See also: ${seeAlso.map((other) => `[${other}](${other}.md)`).join(', ')}.`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function commandText({ usage, name, aliases, summary, options, examples }: PageCommand): string {
  const parts = [
    `## ${name}`,
    `${summary}.${aliases.length > 0 ? ` Also called ${aliases.map((each) => `\`${each}\``).join(', ')}.` : ''}`,
    fenced([usage]),
    options.length > 0 && optionTable(options),
    examples.length > 0 && `Examples:\n\n${fenced(examples)}`,
  ];
  return parts.filter(Boolean).join('\n\n');
}

function optionTable(options: readonly { flags: string; summary: string }[]): string {
  const rows = options.map(({ flags, summary }) => `| \`${flags}\` | ${cell(summary)} |`);
  return ['| option | |', '|---|---|', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replace(/[|<]/g, (sign) => `\\${sign}`);
}

function fenced(lines: readonly string[]): string {
  return `\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
