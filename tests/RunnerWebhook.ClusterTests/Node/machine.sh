#!/bin/bash
# usage: machine.sh FOLDER KUBELET NUMBER
#
# What node.sh runs as process 1 of the node's namespaces. It ends, and all with it, when dockerd or kubelet ends.
set -eu
folder=$1 kubelet=$2 number=$3

mkdir -p "$folder"/{log,bin,sysctl,manifests}
mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$folder/log" /var/log

# kubelet sets these where they differ. It shall find them as it wants them, and the host shall keep its own.
keep_setting() {
  [ -e "/proc/sys/$1" ] || return 0
  echo "$2" >"$folder/sysctl/${1//\//.}"
  mount --bind "$folder/sysctl/${1//\//.}" "/proc/sys/$1"
}
keep_setting vm/overcommit_memory 1
keep_setting vm/panic_on_oom 0
keep_setting kernel/panic 10
keep_setting kernel/panic_on_oops 1
keep_setting kernel/keys/root_maxkeys 1000000
keep_setting kernel/keys/root_maxbytes 25000000
keep_setting net/bridge/bridge-nf-call-iptables 1

# Nor shall they load modules into the host's kernel.
ln -sf /bin/true "$folder/bin/modprobe"

# Privileged containers get every capability, and runc ends with "unable to apply caps" where this machine lacks one.
capabilities=(CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
  NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT
  SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG
  WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE)
bounds=0x$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status)
for bit in "${!capabilities[@]}"; do
  (((bounds >> bit) & 1)) || echo "s/\"CAP_${capabilities[bit]}\",//g; s/,\"CAP_${capabilities[bit]}\"//g"
done >"$folder/bin/limits.sed"
# Lowering the OOM score takes CAP_SYS_RESOURCE, which containers and small virtual machines lack: without it runc ends
# with "can't get final child's PID from pipe: EOF".
echo 's/"oomScoreAdj":-[0-9]*/"oomScoreAdj":0/' >>"$folder/bin/limits.sed"
cat >"$folder/bin/runc-within-limits" <<'EOF'
#!/bin/sh
next=
for argument; do
  case $next in
    --bundle | -b) sed -i -f "${0%/*}/limits.sed" "$argument/config.json" ;;
    --process | -p) sed -i -f "${0%/*}/limits.sed" "$argument" ;;
  esac
  next=$argument
done
exec runc "$@"
EOF
chmod 755 "$folder/bin/runc-within-limits"
export PATH=$folder/bin:$PATH

cat >"$folder/daemon.json" <<EOF
{
  "hosts": ["unix:///run/docker.sock", "unix://$folder/docker.sock"],
  "data-root": "$folder/docker",
  "bridge": "rw$number",
  "cgroup-parent": "/rw$number/docker",
  "exec-opts": ["native.cgroupdriver=cgroupfs"],
  "iptables": false, "ip-masq": false, "ip-forward": false,
  "oom-score-adjust": 0,
  "runtimes": {"within-limits": {"path": "$folder/bin/runc-within-limits"}},
  "default-runtime": "within-limits"
}
EOF
dockerd --config-file "$folder/daemon.json" >"$folder/dockerd.log" 2>&1 &

until [ -e "$folder/kubelet.kubeconfig" ]; do
  sleep 0.1
  jobs %1 >/dev/null 2>&1 || { echo "dockerd ended" >&2; exit 1; }
done

: >"$folder/resolv.conf"
cat >"$folder/kubelet.yaml" <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 10.200.$number.1
port: 10250
readOnlyPort: 0
healthzPort: 0
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $folder/ca.crt}}
authorization: {mode: AlwaysAllow}
staticPodPath: $folder/manifests
cgroupDriver: cgroupfs
cgroupRoot: /rw$number
enforceNodeAllocatable: []
failSwapOn: false
oomScoreAdj: 0
evictionHard: {memory.available: 50Mi, nodefs.available: 1%, imagefs.available: 1%}
# Images come from nowhere: one that is collected is lost.
imageGCHighThresholdPercent: 100
# Its socket would lie in a folder that can't be chosen.
featureGates: {DevicePlugins: false}
# Waiting for a change takes this long at most; a minute is the default.
syncFrequency: 5s
EOF
"$kubelet" --config="$folder/kubelet.yaml" --kubeconfig="$folder/kubelet.kubeconfig" --root-dir="$folder/kubelet" \
  --cert-dir="$folder/kubelet/pki" --container-runtime=docker --docker-endpoint=unix:///run/docker.sock \
  --experimental-dockershim-root-directory="$folder/dockershim" --network-plugin= --hostname-override=node \
  --node-ip="10.200.$number.1" --resolv-conf="$folder/resolv.conf" --pod-infra-container-image=pause:test \
  --volume-plugin-dir="$folder/volume-plugins" --v=2 >"$folder/kubelet.log" 2>&1 &
wait -n
