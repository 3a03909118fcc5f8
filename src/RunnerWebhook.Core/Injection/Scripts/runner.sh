# What the registration and the preStop hook share, and the hook. The registration leaves this file in the configuration's
# volume, where the hook runs it with the argument "unregister".
#
# Every byte is stored once for each pod and revision: on their way into pods the scripts lose comments and indentation, and names
# that begin with _ become one letter. kubelet reads the text too: no two dollar signs in a row.

# Reads a file: _line is its last whole line, and _entry what unregister needs of it.
_scan() {
  _line='' _entry='[[runners]]'
  while IFS= read -r _text; do
    _line=$_text
    case $_line in
      *' url = '* | *' token = '* | *' tls-'*) _entry="$_entry
$_line" ;;
    esac
  done <"$1"
} 2>/dev/null

# Whether there is a runner, and unregister takes it from this pod alone. An authentication token (glrt-, with a prefix of the
# instance acme-glrt-) is one runner for many pods: since 16.0 gitlab-runner removes this pod's part of it, but only for tokens
# that begin with glrt-.
_is_own() {
  case $_entry in
    *'token = "glrt-'*)
      _text=$(gitlab-runner --version) _text=${_text#*:}
      [ "${_text%%.*}" -ge 16 ]
      ;;
    *-glrt-*) false ;;
    *'token = '*) ;;
    *) false ;;
  esac
} 2>/dev/null

# Runs a command for some seconds at most, as the program of that name does, which not every image has: gitlab-runner has no limit
# of its own for a GitLab that accepts and never answers. By the name RunnerCommand knows what follows as a command.
timeout() {
  _limit=$1
  shift
  "$@" >"$_output" 2>&1 </dev/null &
  _pid=$!
  { sleep "$_limit" && kill -9 "$_pid"; } >/dev/null &
  # A stop signal interrupts the wait, not the call: GitLab could be left with a runner whose token is lost.
  while wait "$_pid"; _status=$?; kill -0 "$_pid"; do :; done
  kill "$!"
  return "$_status"
} 2>/dev/null

[ "$1" = unregister ] || return 0

# GitLab first: the container ends with the runner, and this hook with the container. Running jobs report with their own tokens.
# The mount is read-only: gitlab-runner can't save the file afterwards, which does no harm.
# It stops if HOME is not set.
export HOME=/tmp
_output=/dev/null
_scan "$CONFIG_FILE"
_is_own && timeout 5 gitlab-runner unregister --all-runners

# GitLab's images stop by SIGQUIT, with which running jobs end by themselves, and dumb-init passes it on. Other images may stop
# by SIGTERM, which fails the jobs, or run a shell that swallows signals: there the hook sends SIGQUIT and waits, and kubelet's
# own signal comes after that, or when the grace period is over.
{ read -r _text </proc/1/comm; } 2>/dev/null
[ "$_text" = dumb-init ] && exit

# With a shared process namespace there can be runners of other containers. Those of this one have its mounts.
_mounts=$(readlink /proc/self/ns/mnt)
_signal=QUIT
while
  _running=''
  for _process in /proc/[0-9]*; do
    { read -r _text <"$_process/comm"; } 2>/dev/null || continue
    [ "$_text$(readlink "$_process/ns/mnt" 2>/dev/null)" = "gitlab-runner$_mounts" ] || continue
    _running=1
    kill "-$_signal" "${_process#/proc/}" 2>/dev/null
  done
  [ -n "$_running" ]
do
  _signal=0
  sleep 1
done
