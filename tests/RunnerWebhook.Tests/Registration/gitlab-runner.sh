#!/bin/sh
# A stand-in for gitlab-runner, as far as the scripts under test can see it. $GITLAB names a folder: the file `down` makes
# GitLab unreachable, `revoked` makes it forget runners, `calls` gets one line a call. Registration appends, as the real
# one's does; verify reports success where GitLab can't be reached, as the real one's does.
verb=$1
config=$CONFIG_FILE
for arg in "$@"; do
  case $arg in --config=*) config=${arg#--config=} ;; esac
done
printf '%s\n' "$verb" >>"$GITLAB/calls"
case $verb in
  register)
    [ ! -e "$GITLAB/down" ] || { rm -f "$GITLAB/down"; exit 1; }
    printf '%s\n' "$@" >"$GITLAB/arguments"
    printf '\n[[runners]]\n  token = "glrt-abc"\n' >>"$config"
    ;;
  verify)
    echo 'the whole token: glrt-abc'
    [ ! -e "$GITLAB/revoked" ] || { rm -f "$GITLAB/revoked"; exit 1; }
    ;;
  unregister) [ -w "$config" ] || exit 1 ;;
  --version) echo "Version:      ${GITLAB_RUNNER_VERSION:-17.5.0}" ;;
esac
exit 0
