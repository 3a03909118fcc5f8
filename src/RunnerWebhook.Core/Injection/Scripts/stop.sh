# Runs before the runner's container stops: takes the runner out of GitLab, and lets running jobs end.
#
# GitLab first: the container ends with the runner, and this script with the container. Jobs that run go on without their
# runner: they report with tokens of their own.
config=${CONFIG_FILE:-/etc/gitlab-runner/config.toml}
export HOME="${HOME:-/tmp}"
if has_runner "$config" && ! is_shared "$config"; then
  # The mount is read-only: the runner is taken out, then the file can't be saved, which means nothing.
  gitlab-runner unregister --config="$config" --all-runners >/dev/null 2>&1
fi

# The images of GitLab stop by SIGQUIT, with which jobs end by themselves, and dumb-init hands it on. Others may stop by
# SIGTERM, which fails the jobs, or have a shell in between that swallows signals: there the runner gets its SIGQUIT here,
# and kubelet's signal comes when it has ended, or when the grace period is over.
{ read -r init </proc/1/comm; } 2>/dev/null || init=
[ "$init" = dumb-init ] && exit 0

# With shared process namespaces there may be others' runners: this container's have its mounts.
mounts=$(readlink /proc/self/ns/mnt)
ends() {
  running=
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm"; } 2>/dev/null || continue
    if [ "$name" = gitlab-runner ] && [ "$(readlink "$process/ns/mnt" 2>/dev/null)" = "$mounts" ]; then
      running=1
      [ -z "${1:-}" ] || kill -s "$1" "${process#/proc/}" 2>/dev/null
    fi
  done
  [ -z "$running" ]
}
ends QUIT
until ends; do sleep 1; done
exit 0
