/** The completion scripts of the three shells. */

export const SHELLS = ["bash", "zsh", "fish"] as const;

/** Each asks `infraudit __complete WORD…` and falls back to file names where that gives nothing. */
export const SHELL_SCRIPTS: Record<typeof SHELLS[number], string> = {
  bash: `# bash completion for infraudit
_infraudit() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  mapfile -t COMPREPLY < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _infraudit infraudit
`,
  zsh: `#compdef infraudit
_infraudit() {
  local -a fitting
  fitting=(\${(f)"$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#fitting} )); then compadd -a fitting; else _files; fi
}
if [[ \${funcstack[1]} == _infraudit ]]; then _infraudit "$@"; else compdef _infraudit infraudit; fi
`,
  fish: `# fish completion for infraudit
function __infraudit_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c infraudit -a '(__infraudit_complete)'
`,
};
