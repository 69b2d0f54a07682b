/** The completion scripts of the four shells. */

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** Each asks `infraudit __complete -- WORD…` and falls back to file names where that gives nothing. */
export const SHELL_SCRIPTS: Record<typeof SHELLS[number], string> = {
  // Bash 3.2, which macOS has, knows no mapfile; and `=` is a word of its own on bash's line.
  bash: `# bash completion for infraudit
_infraudit() {
  local IFS=$'\\n' cut='' words=("\${COMP_WORDS[@]:1:COMP_CWORD}") last=$((COMP_CWORD - 1))
  if [ "$last" -ge 1 ] && [ "\${words[last]}" = "=" ]; then
    words=("\${words[@]:0:last-1}" "\${words[last-1]}="); cut=1
  elif [ "$last" -ge 2 ] && [ "\${words[last-1]}" = "=" ]; then
    words=("\${words[@]:0:last-2}" "\${words[last-2]}=\${words[last]}"); cut=1
  fi
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null))
  if [ -n "$cut" ]; then COMPREPLY=("\${COMPREPLY[@]#*=}"); fi
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
  powershell: `# PowerShell completion for infraudit
Register-ArgumentCompleter -Native -CommandName infraudit -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '""' }
  infraudit __complete '--' @words 2>$null | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`,
};
