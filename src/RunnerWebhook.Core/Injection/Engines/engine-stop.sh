# kubelet stops all containers of a pod at once, but the runner still has jobs to end here. It is done once its socket has had
# no connection (state 03) for five seconds. The engine keeps its end of some connections whose client has gone: those have two
# references, as the client was the third.
quiet=0
while [ "$quiet" -lt 5 ]; do
  sleep 1
  if grep -v ': 00000002 ' /proc/net/unix | grep -q " 03 .* $1\$"; then quiet=0; else quiet=$((quiet + 1)); fi
done
