# An engine makes its socket for its own user and group. Who can reach the directory that is shared with the runner may use it.
socket=$1
shift
"$@" && chmod 666 "$socket"
