# Registers the runner once: kubelet runs init containers again whenever it rebuilds the pod's sandbox, and config.toml
# may still be there. Settings come as arguments and environment only.
set -u
config=$CONFIG_FILE
draft=$config.registering

say() { printf 'init-runner: %s\n' "$*"; }

has_runner() { grep -q '^[[:space:]]*\[\[runners\]\]' "$1" 2>/dev/null; }

# SIGTERM ends the wait between two tries at once, and a running register as well.
child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 143' TERM INT
await() { "$@" & child=$!; wait "$child"; status=$?; child=; return "$status"; }

# An earlier run may have registered and ended before it could say so.
if has_runner "$draft" && ! has_runner "$config"; then
  mv "$draft" "$config"
fi

if has_runner "$config"; then
  # Its messages are dropped: old runners print the token in them.
  if await gitlab-runner verify --config="$config" --url= --token= >/dev/null 2>&1; then
    say 'config.toml holds a registered runner: nothing to do'
    exit 0
  fi
  say 'GitLab does not know the registered runner any more: registering anew'
  await gitlab-runner unregister --config="$config" --all-runners >/dev/null 2>&1
fi

if [ -n "${RUNNER_IDENTITY:-}" ] && command -v sha256sum >/dev/null; then
  digest=$(printf '%s' "$RUNNER_IDENTITY" | sha256sum | cut -c 1-12)
  printf 'r_%s' "$digest" >"${config%/*}/.runner_system_id"
  chmod 644 "${config%/*}/.runner_system_id"
fi

tries=0
while :; do
  printf '%s\n' "${RUNNER_GLOBAL:-}" >"$draft" && chmod 644 "$draft" || exit 1
  if CONFIG_FILE=$draft await gitlab-runner "$@" && has_runner "$draft"; then
    mv "$draft" "$config" && say 'registered' && exit 0
    exit 1
  fi
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    say 'giving up after 30 tries; kubelet will start this container again'
    exit 1
  fi
  say "registration failed (try $tries of 30): next try in 5 seconds"
  await sleep 5
done
