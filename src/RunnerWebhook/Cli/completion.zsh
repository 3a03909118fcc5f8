#compdef runner-webhook
# Completion of runner-webhook for zsh: source <(runner-webhook completion zsh), after compinit; or as _runner-webhook in
# a folder of $fpath.

_runner_webhook() {
  local -a answer entries
  local line program=${(Q)words[1]}
  program=${program/#\~\//$HOME/}
  answer=("${(@f)$("$program" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  [[ $PREFIX == --*=* ]] && compset -P 1 '*='
  case $answer[1] in
    files) _files ;;
    folders) _files -/ ;;
    *)
      for line in "${(@)answer[2,-1]}"; do
        entries+=("${${line%%$'\t'*}//:/\\:}${${(M)line%%$'\t'*}:+:${line#*$'\t'}}")
      done
      _describe -V runner-webhook entries
      ;;
  esac
}

# Sourced, it registers itself; in a folder of $fpath it is the function's body.
if [[ ${funcstack[1]} == _runner[-_]webhook ]]; then
  _runner_webhook "$@"
else
  compdef _runner_webhook runner-webhook
fi
