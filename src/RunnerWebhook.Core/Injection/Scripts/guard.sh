# Registers the runner once. kubelet runs init containers again whenever it rebuilds the pod's sandbox, and finds in the volume
# what an earlier run left: whatever that is, one runner comes of it. Settings come only as arguments and environment.
umask 022
_config=$CONFIG_FILE
_folder=${_config%/*}
# register writes the record, which is whole once it ends with the seal. config.toml is a copy of it.
_record=$_folder/.record
_leaving=$_folder/.leaving
_output=$_folder/.output
_seal='# whole'
# The runner's own format is coloured.
export LOG_FORMAT=text

_say() { printf 'init-runner: %s\n' "$*"; }

_full="can not write to $_folder: is it full?"
cat >"$_folder/.runner.sh" <<'end' || { _say "$_full"; exit 1; }
#include runner.sh
end
. "$_folder/.runner.sh"

_stopping=''
trap '_stopping=1' TERM INT QUIT
trap 'rm -f "$_leaving" "$_output"' EXIT

_is_whole() {
  _scan "$1"
  [ "$_line" = "$_seal" ]
}

# Removes the runner in a file from GitLab, also if the file is torn after the token. Fails if GitLab does not answer.
_forget() {
  _scan "$1"
  _is_own || return 0
  printf '%s\n' "$_entry" >"$_leaving"
  timeout 60 gitlab-runner unregister --config="$_leaving" --all-runners
  case $(cat "$_output") in
    *succeeded* | *'="40'[34]* | *': 40'[34]*) ;;
    *) false ;;
  esac
}

_clear() {
  if _is_whole "$_record"; then rm -f "$_config"; fi
  _forget "$_record" && _forget "$_config" && rm -f "$_record" "$_config"
}

# After a stop signal only this script can remove the runner: the runner container has not started.
_leave() {
  [ -n "$_stopping" ] || return 0
  _say 'stopped: removing the runner from GitLab'
  _clear || _say 'GitLab does not answer'
  exit 143
}

# Sets _reason to why register failed, in its own words, and _lasting if trying again can't help. In the line of an error the
# beginning of the token is in front of the status, and so is the runner's name. Of an answer in JSON the call comes first:
# status="POST https://…: 403 Forbidden (message)".
_explain() {
  _reason="timeout (exit code $_status)"
  while IFS= read -r _text; do
    case $_text in
      *level=[efp]*)
        _reason=${_text#*msg=}
        case $_reason in *status=*) _reason=status=${_reason#*status=} ;; *) _reason=${_reason#* runner=* } ;; esac
        case $_reason in 'status="'[DP]*) _reason="status=\"${_reason#*: }" ;; esac
        break
        ;;
    esac
  done <"$_output"
  _lasting=1
  case $_reason in
    *'="403 '* | *'="410 '* | *'verify the runner."'*) _reason="GitLab refuses the token in the Secret: $_reason" ;;
    *'="408 '* | *'="429 '* | *'="5'*) _lasting='' ;;
    *'="4'*) ;;
    *'dial tcp'* | *imeout* | *deadline* | *EOF* | *reset*) _lasting='' ;;
  esac
  [ -z "$_secret" ] || case $_reason in
    *"${_secret%"${_secret#????????}"}"*) _reason='not shown, as it holds the token' ;;
  esac
}

_register() {
  # What an interrupted run left goes first, or it would stay in GitLab for ever.
  _lasting=''
  _reason='can not remove an earlier runner'
  _clear || return
  # Without room for the file, register would leave a runner in GitLab.
  _lasting=1
  _reason=$_full
  printf '%65536s' '' >"$_record" && printf '%s\n' "$RUNNER_GLOBAL" >"$_record" && [ -z "$_stopping" ] || return
  timeout 60 gitlab-runner "$@" || { _explain; return 1; }
  _reason='register wrote no runner'
  _scan "$_record"
  case $_entry in *'token = '*) printf '%s\n' "$_seal" >>"$_record" && cp "$_record" "$_config" ;; *) false ;; esac
}

# White space around the token, such as the line feed of a Secret made with echo, breaks every call.
_secret=$(printf '%s' "$CI_SERVER_TOKEN$REGISTRATION_TOKEN" | tr -d '[:space:]')
export "${CI_SERVER_TOKEN+CI_SERVER_}${REGISTRATION_TOKEN+REGISTRATION_}TOKEN=$_secret"

[ -z "$RUNNER_IDENTITY" ] ||
  printf 'r_%.12s' "$(printf '%s' "$RUNNER_IDENTITY" | sha256sum)" >"$_folder/.runner_system_id"

_is_whole "$_config" && cp "$_config" "$_record"
if _is_whole "$_record"; then
  cp "$_record" "$_config" || exit
  timeout 20 gitlab-runner verify --config="$_record" --url= --token=
  _leave
  case $(cat "$_output") in
    *'is not valid'* | *'is removed'*) _say 'GitLab has lost the runner' ;;
    *) _say 'already registered' && exit ;;
  esac
  rm -f "$_record" "$_config"
fi

export CONFIG_FILE="$_record"
_try=1
_delay=10
until _register "$@"; do
  _leave
  _reason="registration failed: $_reason"
  [ "$_try" -lt 10 ] || _lasting=1
  [ -z "$_lasting" ] || { _say "$_reason"; exit 1; }
  # Pods that wait for one GitLab must not come back all at once.
  { read -r _text </proc/sys/kernel/random/uuid; } 2>/dev/null || _text=8000
  _wait=$((_delay/2 + 0x$(printf '%.4s' "$_text")*_delay/131072))
  _try=$((_try+1))
  _say "$_reason; try $_try of 10 in $_wait seconds"
  _delay=$((_delay<60 ? _delay*2 : 120))
  sleep "$_wait" &
  wait "$!"
  _leave
done
_leave
_say registered
