# Completion of runner-webhook for bash: source <(runner-webhook completion bash)

# Takes quotes and backslashes out of a word, without evaluating anything in it.
__runner_webhook_unquoted() {
  local word=$1 plain='' quote='' char i
  for ((i = 0; i < ${#word}; i++)); do
    char=${word:i:1}
    case $quote$char in
      \\ | \"\\)
        i=$((i + 1))
        plain+=${word:i:1}
        ;;
      \' | \") quote=$char ;;
      \'\' | \"\") quote='' ;;
      *) plain+=$char ;;
    esac
  done
  REPLY=$plain
}

_runner_webhook() {
  local REPLY i word kind candidate cut line=${COMP_LINE:0:COMP_POINT} words=()
  # Readline cuts words at = and : too. Those that touch belong together.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $line == [[:space:]]* || $i == 0 ]]; then
      line=${line#"${line%%[![:space:]]*}"}
      words+=('')
    fi
    # What follows the cursor doesn't count.
    [[ $i == "$COMP_CWORD" ]] && word=$line
    line=${line#"$word"}
    words[${#words[@]} - 1]+=$word
  done
  # What readline takes for words of its own, in front of the one that it completes.
  [[ $word == [=:] ]] && word=''
  cut=${words[${#words[@]} - 1]%"$word"}
  cut=${cut#*=}
  for ((i = 0; i < ${#words[@]}; i++)); do
    __runner_webhook_unquoted "${words[i]}"
    words[i]=$REPLY
  done
  COMPREPLY=()
  {
    read -r kind
    case $kind in
      files) compopt -o default ;;
      folders) compopt -o dirnames ;;
      *)
        while IFS=$'\t' read -r candidate _; do
          COMPREPLY+=("${candidate#"$cut"}")
        done
        ;;
    esac
  } 2>/dev/null < <("${words[0]/#\~\//$HOME/}" __complete "${words[@]:1}" 2>/dev/null </dev/null)
}

complete -F _runner_webhook runner-webhook
