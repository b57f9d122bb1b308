import { UsageError } from '../src/errors.js';
import { list, type ObjectCommand, one, type Subcommand, subcommand } from './command.js';
import { SCRIPTS, SHELLS, type Shell } from './completion/shells.js';
import type { Suggestion } from './completion/values.js';

const HOW: Readonly<Record<Shell, string>> = {
  bash: 'bpf-ts completion bash > /etc/bash_completion.d/bpf-ts',
  zsh: 'bpf-ts completion zsh > /usr/local/share/zsh/site-functions/_bpf-ts',
  fish: 'bpf-ts completion fish > /etc/fish/completions/bpf-ts.fish',
};

export const command: ObjectCommand = {
  name: 'completion',
  summary: 'What makes a shell complete the words of bpf-ts',
  subcommands: [...SHELLS.map(script), words()],
  bareIsHelp: true,
};

function script(shell: Shell): Subcommand {
  return subcommand<string>({
    name: shell,
    summary: `Write the completion script for ${shell}`,
    examples: [HOW[shell]],
    run: (given) => {
      given.end();
      return one(SCRIPTS[shell]);
    },
    plain: (text) => text,
  });
}

interface Line extends Suggestion {
  readonly delegated?: string;
}

/** What the scripts ask. */
function words(): Subcommand {
  return subcommand<Line>({
    name: 'words',
    summary: 'Tell what the last word of a command line can become; the scripts of the shells ask this',
    grammar: '[WORD]...',
    examples: ["bpf-ts completion words -- prog show ''"],
    run: async (given) => {
      if (given.left === 0) throw new UsageError('WORD is missing: the last one, which may be empty, is what is completed');
      const { suggest } = await import('./completion/suggest.js');
      const found = await suggest(given.rest());
      return list<Line>([...found.delegated.map((delegated) => ({ word: '', delegated })), ...found.words]);
    },
    plain: ({ word, note, delegated }) => (delegated ? `:${delegated}\n` : `${oneLine(word)}${note ? `\t${oneLine(note)}` : ''}\n`),
    json: ({ word, note, delegated }) => (delegated ? { delegated } : { word, note }),
  });
}

/** Names in the kernel may hold anything; the scripts read lines. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}]/gu, '?');
}
