// What a shell needs so that it asks bpf-ts how a word can go on: the same question in the words of each shell.

/** The shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Each script asks `bpf-ts completion words -- WORD...` and reads a line for each word: the word, a tab, what it is; `:files` and `:directories` are the shell's part. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_bpf_ts() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o filenames 2>/dev/null; mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current") ;;
      :directories) compopt -o filenames 2>/dev/null; mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$current") ;;
      *) COMPREPLY+=("$(printf %q "\${line%%$'\\t'*}")") ;;
    esac
  done < <("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _bpf_ts bpf-ts
`,
  zsh: `#compdef bpf-ts
_bpf_ts() {
  local line
  local -a described
  for line in "\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      :files) _files ;;
      :directories) _files -/ ;;
      ?*) described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  if (( \${#described} )); then _describe -V bpf-ts described; fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _bpf_ts "$@"; else compdef _bpf_ts bpf-ts; fi
`,
  fish: `function __bpf_ts_words
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] completion words -- $words[2..-1] 2>/dev/null)
    switch $line
      case :files
        __fish_complete_path (commandline -ct)
      case :directories
        __fish_complete_directories (commandline -ct)
      case '*'
        printf '%s\\n' $line
    end
  end
end
complete -c bpf-ts -f -a '(__bpf_ts_words)'
`,
};
