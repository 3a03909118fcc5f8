# Unregisters before the runner stops. The configuration is mounted read-only, so gitlab-runner can't save it and
# reports a failure that means nothing; kubelet must not log it as one.
# Runners before 16.0 delete the whole runner of an authentication token (glrt-), for everybody: these leave it.
config=${CONFIG_FILE:-/etc/gitlab-runner/config.toml}
if grep -q 'token = "[^"]*glrt-' "$config" 2>/dev/null; then
  major=$(gitlab-runner --version 2>/dev/null | sed -n 's/^Version: *\([0-9]*\)\..*/\1/p')
  [ "${major:-0}" -ge 16 ] || exit 0
fi
gitlab-runner unregister --config="$config" --all-runners >/dev/null 2>&1
exit 0
