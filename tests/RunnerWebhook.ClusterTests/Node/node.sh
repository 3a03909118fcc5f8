#!/bin/bash
# usage: node.sh FOLDER KUBELET
#
# A machine for a kubelet: mount and process namespaces in which /run and /var/log are the node's own, with dockerd, and
# kubelet as soon as FOLDER/kubelet.kubeconfig is there. Of the host it uses a bridge (the pods' network) and a branch of
# cgroups, both named rwNUMBER. FOLDER/number says that the node's network is there, and its NUMBER; dockerd then
# listens on FOLDER/docker.sock, and in the node on /var/run/docker.sock.
#
#   10.200.NUMBER.1/24    the node; pods get addresses beside it
#   10.201.NUMBER.1       for the API server: the first address of the Services' range, so that pods find it without kube-proxy
#
# SIGTERM ends it. All its processes, containers and mounts end with their namespaces, also where this script is killed;
# bridge and cgroups are removed by this script.
set -eu
PATH=$PATH:/usr/sbin:/sbin
folder=$1 kubelet=$2
here=$(dirname "$(readlink -f "$0")")
machine=

cgroup_roots() {
  local root
  for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
    if [ ! -L "$root" ] && [ -e "$root/cgroup.procs" ]; then echo "$root"; fi
  done
}

add_network() {
  local number
  for _ in {1..50}; do
    number=$((RANDOM % 250))
    if ip link add "rw$number" type bridge 2>/dev/null; then
      bridge=rw$number
      ip address add "10.200.$number.1/24" dev "$bridge"
      ip address add "10.201.$number.1/32" dev "$bridge"
      ip link set "$bridge" up
      return
    fi
  done
  echo "no bridge can be added: $(ip link add "rw$number" type bridge 2>&1)" >&2
  exit 1
}

add_cgroups() {
  local root
  for root in $(cgroup_roots); do
    mkdir "$root/$bridge"
    # A new cpuset is empty, and nothing starts in it.
    if [ -e "$root/$bridge/cpuset.mems" ] && [ -e "$root/cpuset.mems" ]; then
      cat "$root/cpuset.cpus" >"$root/$bridge/cpuset.cpus"
      cat "$root/cpuset.mems" >"$root/$bridge/cpuset.mems"
    fi
  done
}

remove() {
  trap '' TERM
  # With unshare goes its child, process 1 of the namespaces, and with that, by the kernel, all the others.
  [ -z "$machine" ] || kill -KILL "$machine" 2>/dev/null || true
  [ -n "$bridge" ] || return 0
  ip link delete "$bridge"
  local root
  for root in $(cgroup_roots); do
    # Processes leave their cgroups a little after they have ended.
    for _ in {1..100}; do
      find "$root/$bridge" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ -d "$root/$bridge" ] || break
      sleep 0.1
    done
  done
}

bridge=
trap remove EXIT
trap 'exit 0' TERM
add_network
add_cgroups
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc \
  "$here/machine.sh" "$folder" "$kubelet" "${bridge#rw}" &
machine=$!
echo "${bridge#rw}" >"$folder/number.new"
mv "$folder/number.new" "$folder/number"
wait "$machine"
