# Registers the runner once. Kubelet runs init containers again whenever it rebuilds the pod's sandbox, and what an earlier
# run left in the volume is there then: whatever it is, one runner comes of it. Settings come as arguments and environment only.
set -u
umask 077
config=$CONFIG_FILE
folder=${config%/*}
record=$folder/.registered.toml     # whole, with one runner; config.toml is a copy of it
draft=$folder/.registering.toml     # what register is at; whole once it ends with the seal
leaving=$folder/.unregistering.toml # what unregister is at
output=$folder/.gitlab-runner.output
seal='# Registered by init-runner; this line says that the file is whole.'

say() { printf 'init-runner: %s\n' "$*"; }

is_whole() {
  case $newline$(cat "$1" 2>/dev/null) in
    *"$newline"'[[runners]]'*"$newline$seal") return 0 ;;
    *) return 1 ;;
  esac
}

# A stop signal cuts no call off: GitLab could be left with a runner whose token nobody has. The call has 20 seconds to end.
stopping=
trap 'stopping=1' TERM INT QUIT
runner() {
  gitlab-runner "$@" >"$output" 2>&1 </dev/null &
  call=$!
  status=129
  [ -n "$stopping" ] || { wait "$call"; status=$?; }
  if [ "$status" -gt 128 ]; then
    patience=20
    while kill -0 "$call" 2>/dev/null; do
      [ "$patience" -gt 0 ] || kill "$call" 2>/dev/null
      patience=$((patience - 1))
      sleep 1
    done
    wait "$call"
    status=$?
  fi
  return "$status"
}

pause() {
  sleep "$1" &
  wait "$!"
}

# Takes the runner in a file out of GitLab. Fails where GitLab can't be asked.
forget() {
  has_runner "$1" && ! is_shared "$1" || return 0
  cp "$1" "$leaving" || return 1
  runner unregister --config="$leaving" --all-runners
  has_runner "$leaving" || return 0
  # The entry stays where GitLab can't be reached, and also where it doesn't know the runner.
  runner verify --config="$leaving" --url= --token=
  [ "$status" -eq 1 ]
}

finish() {
  rm -f "$leaving" "$output"
  exit "$1"
}

# Stopped before the runner container has started: nothing else would take the runner out.
leave() {
  say 'told to stop: taking the runner out of GitLab again'
  stopping=
  if is_whole "$record"; then rm -f "$config"; fi
  for file in "$draft" "$record" "$config"; do
    if forget "$file"; then rm -f "$file"; else say 'GitLab can not be reached: the next start does it'; fi
  done
  finish 143
}

# Another user of the pod may run the runner container, so all may read; only containers with this volume can.
publish() {
  cp "$record" "$config.new" && chmod 644 "$config.new" && mv "$config.new" "$config"
}

# The line of the output that tells the error, without tokens: that of the settings, and what is shown as runner=.
error_line() {
  line=
  while IFS= read -r text || [ -n "$text" ]; do
    case $text in
      *status=*)
        line=${text##*status=}
        break
        ;;
      *ERROR:* | *FATAL:* | *PANIC:* | *Usage* | *'not defined'* | *'could not parse'*) line=${text%%runner=*} ;;
      *) ;;
    esac
  done <"$output"
  shown=
  while [ -n "$secret" ]; do
    case $line in
      *"$secret"*) shown="$shown${line%%"$secret"*}***" line=${line#*"$secret"} ;;
      *) break ;;
    esac
  done
  printf '%.300s' "$shown$line"
}

# Sets problem to why register failed, and lasting where trying again can't help. Its output is never shown as it is: it
# holds the beginning of tokens, and old runners print all of them.
explain() {
  lasting=1
  case $(cat "$output") in
    *'410 Gone'* | *'registration disallowed'*)
      problem='GitLab has registration tokens switched off (410): create a runner in GitLab (runner-webhook token create) and put its glrt- token into the Secret' ;;
    *'configuration is reserved'*)
      problem='the token is an authentication token (glrt-), with which GitLab keeps tag-list, locked and the like: take them out of the settings' ;;
    *forbidden* | *'403 Forbidden'* | *'runner... is not valid'* | *'runner... is removed'*)
      problem='GitLab refuses the token (403): it is wrong, expired or revoked; put a valid one into the Secret' ;;
    *x509:* | *'certificate'*)
      problem="GitLab's certificate is not trusted: $(error_line)" ;;
    *'404 Not Found'*) problem='there is no GitLab at the URL (404): check the setting url' ;;
    *'400 Bad Request'* | *'422 Unprocessable'*) problem="GitLab refuses a setting: $(error_line)" ;;
    *'succeeded'*) problem="GitLab made the runner, but register failed after that: $(error_line)" ;;
    *'not defined'* | *'Incorrect Usage'* | *'invalid value'* | *'could not parse'* | *'needs to be entered'* | *'Invalid executor'* | *'not valid'*)
      problem="gitlab-runner refuses an option: $(error_line)" ;;
    *)
      lasting=
      case $(cat "$output") in
        *'connection refused'*) problem='GitLab can not be reached: connection refused' ;;
        *'no such host'* | *'server misbehaving'*) problem="GitLab can not be reached: its name can't be resolved" ;;
        *'i/o timeout'* | *'deadline exceeded'* | *'Client.Timeout'*) problem='GitLab does not answer in time' ;;
        *'network is unreachable'* | *'no route to host'*) problem='GitLab can not be reached: no route to it' ;;
        *'429 Too Many Requests'*) problem='GitLab is asked too often (429)' ;;
        *[=\ ]50[0-9]\ *) problem='GitLab answers with a server error (5xx)' ;;
        *) problem="gitlab-runner ended with exit code $status: $(error_line)" ;;
      esac
      ;;
  esac
}

register() {
  # What an interrupted run left goes first, or it would stay in GitLab for ever.
  for file in "$draft" "$config" "$record"; do
    is_whole "$file" && continue
    lasting=
    problem='GitLab can not be reached, and knows a runner of an interrupted start'
    forget "$file" || return 1
    rm -f "$file"
  done
  # A registration that can't be saved may stay behind in GitLab: is there room for it?
  lasting=1
  problem="$folder can not be written, or is full"
  printf '%65536s' '' >"$draft" && printf '%s\n' "${RUNNER_GLOBAL:-}" >"$draft" || return 1
  [ -z "$stopping" ] || return 1
  if runner "$@"; then
    problem="register wrote no runner to $CONFIG_FILE: is there a --config among the extra arguments?"
    has_runner "$draft" && printf '%s\n' "$seal" >>"$draft" && mv "$draft" "$record" && publish
  else
    explain
    return 1
  fi
}

# A line feed behind the token in its Secret would break every call.
secret=
for argument in "$@"; do
  case $argument in
    --token=* | --registration-token=*) secret=${argument#*=} ;;
    *) ;;
  esac
done
if [ -n "${CI_SERVER_TOKEN:-}" ]; then
  secret=$(printf '%s' "$CI_SERVER_TOKEN" | tr -d '[:space:]')
  export CI_SERVER_TOKEN="$secret"
elif [ -n "${REGISTRATION_TOKEN:-}" ]; then
  secret=$(printf '%s' "$REGISTRATION_TOKEN" | tr -d '[:space:]')
fi

if [ -n "${RUNNER_IDENTITY:-}" ] && digest=$(printf '%s' "$RUNNER_IDENTITY" | sha256sum); then
  printf 'r_%s' "${digest%"${digest#????????????}"}" >"$folder/.runner_system_id"
  chmod 644 "$folder/.runner_system_id"
fi

if is_whole "$draft"; then mv "$draft" "$record"; fi
if ! is_whole "$record" && is_whole "$config"; then cp "$config" "$record"; fi
if is_whole "$record"; then
  publish || finish 1
  # Its exit code is 1 where GitLab refuses the runner, and 0 where GitLab is away: then what there is must do.
  runner verify --config="$record" --url= --token=
  [ -z "$stopping" ] || leave
  if [ "$status" -ne 1 ]; then
    say 'config.toml holds a registered runner: nothing to do'
    finish 0
  fi
  say 'GitLab does not know the registered runner any more: registering anew'
  forget "$record"
fi

export CONFIG_FILE="$draft"
try=1
until register "$@"; do
  [ -z "$stopping" ] || leave
  if [ -n "$lasting" ]; then
    say "registration failed: $problem"
    finish 1
  elif [ "$try" -ge 30 ]; then
    say "registration failed: $problem (try 30 of 30); kubelet will start this container again"
    finish 1
  fi
  say "registration failed: $problem (try $try of 30); next try in 5 seconds"
  try=$((try + 1))
  pause 5
  [ -z "$stopping" ] || leave
done
[ -z "$stopping" ] || leave
say 'registered'
finish 0
