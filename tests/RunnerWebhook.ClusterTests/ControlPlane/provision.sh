#!/usr/bin/env bash
# Prints, as its last line, a folder with etcd, kube-apiserver, kube-controller-manager and kubectl.
#
#   provision.sh          the control plane
#   provision.sh node     kubelet and kube-scheduler as well; and on this machine the Docker engine and what images are made of
#
# In order: $KUBEBUILDER_ASSETS, a cache under $XDG_CACHE_HOME, and Debian: etcd and kubectl from packages, Kubernetes
# built from Debian's source package (about six minutes on two cores, once: all that this script can be asked for, so
# that the source is unpacked once).
set -euo pipefail

version=v1.20.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/runner-webhook/kubernetes-$version
built=(kube-apiserver kube-controller-manager kubelet kube-scheduler)
wanted=(etcd kubectl kube-apiserver kube-controller-manager)
node=
if [ "${1:-}" = node ]; then node=1 wanted+=(kubelet kube-scheduler); fi

say() { printf '%s: %s\n' "${node:+node, }control plane" "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else
    die "needs root or sudo to install Debian packages; or set KUBEBUILDER_ASSETS to a folder with the binaries"
  fi
}

# Tests that need packages run side by side, and apt-get does not wait for the lock of its lists.
apt() { as_root env DEBIAN_FRONTEND=noninteractive flock /var/lib/apt apt-get -y -qq "$@" >&2; }

# Installs packages without starting the services that come with them: the tests start their own.
install_packages() {
  local policy=/usr/sbin/policy-rc.d added=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    added=1
  fi
  local status=0
  { apt update && apt install --no-install-recommends "$@"; } >"$work/apt.log" 2>&1 || status=$?
  [ -z "$added" ] || as_root rm $policy
  [ $status = 0 ] || { tail -5 "$work/apt.log" >&2; die "apt-get can't install $*"; }
}

complete() {
  local binary
  for binary in "${wanted[@]}"; do [ -x "$1/$binary" ] || return 1; done
}

# The Docker engine of a node is driven by kubelet itself, which kubelet 1.24 no longer does.
drives_docker() {
  local minor
  minor=$("$1/kubelet" --version | sed -n 's/.* v1\.\([0-9]*\)\..*/\1/p')
  [ -n "$minor" ] && [ "$minor" -lt 24 ]
}

# The packages this machine lacks of the engine, and of what the tests' images are made of.
missing_packages() {
  local PATH=$PATH:/usr/sbin:/sbin program
  # program=package
  for program in dockerd=docker.io docker=docker.io iptables=iptables ip=iproute2 unshare=util-linux dumb-init=dumb-init \
    docker-registry=docker-registry; do
    command -v "${program%%=*}" >/dev/null || echo "${program#*=}"
  done
  [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1 || echo busybox-static
  command -v clang >/dev/null || command -v gcc >/dev/null || printf '%s\n' gcc libc6-dev
}

# The folder that holds all that is wanted; nothing where it has to be built.
find_binaries() {
  if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
    if ! complete "$KUBEBUILDER_ASSETS"; then
      say "KUBEBUILDER_ASSETS lacks one of: ${wanted[*]}; looking elsewhere"
    elif [ -n "$node" ] && ! drives_docker "$KUBEBUILDER_ASSETS"; then
      say "kubelet in KUBEBUILDER_ASSETS is 1.24 or later, which can't drive Docker by itself; looking elsewhere"
    else
      echo "$KUBEBUILDER_ASSETS"
      return
    fi
  fi
  ! complete "$cache" || echo "$cache"
}

[ -z "$node" ] || [ "$(id -u)" = 0 ] || die "kubelet and dockerd need root: run the tests as root"
binaries=$(find_binaries)
packages=()
[ -z "$node" ] || mapfile -t packages < <(missing_packages)
if [ -n "$binaries" ] && [ ${#packages[@]} = 0 ]; then
  echo "$binaries"
  exit 0
fi

command -v apt-get >/dev/null || die "no apt-get to install Debian packages with: put ${packages[*]:-no package} and," \
  "by KUBEBUILDER_ASSETS, a folder with ${wanted[*]} on this machine"
mkdir -p "$cache"
exec 9>"$cache/.lock"
flock -w 1800 9 || die "another run has been building for half an hour: see $cache"
work=$(mktemp -d "${TMPDIR:-/tmp}/runner-webhook-build.XXXXXX")
trap 'rm -rf "$work"' EXIT
if [ ${#packages[@]} -gt 0 ]; then
  say "installing ${packages[*]}"
  install_packages "${packages[@]}"
fi
binaries=$(find_binaries)
if [ -n "$binaries" ]; then
  echo "$binaries"
  exit 0
fi

say "installing Debian packages"
install_packages etcd-server golang-1.19-go dpkg-dev golang-github-modern-go-reflect2-dev ca-certificates

# kubectl 1.19 is the first that prints the warnings of admission webhooks.
kubectl=$(command -v kubectl || true)
if [ -z "$kubectl" ]; then
  install_packages kubernetes-client
  kubectl=$(command -v kubectl)
fi
install -m 755 "$kubectl" "$cache/kubectl"
install -m 755 "$(command -v etcd)" "$cache/etcd"

fetch_source() {
  # The machine's own mirrors, asked for sources too, without changing its settings.
  local lists=$work/sources.list.d
  mkdir -p "$lists" "$work/lists/partial"
  find /etc/apt/sources.list /etc/apt/sources.list.d -name '*.list' -exec cat {} + 2>/dev/null |
    sed -n 's/^deb\(-src\)\? /deb-src /p' | sort -u >"$lists/source.list"
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    sed 's/^Types:.*/Types: deb-src/' "$file" >"$lists/$(basename "$file")"
  done
  local options=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$lists" -o Dir::State::lists="$work/lists")
  apt "${options[@]}" update
  (cd "$work" && as_root apt-get -qq "${options[@]}" source --download-only kubernetes >&2 &&
    dpkg-source --no-check -x ./*.dsc "$work/kubernetes" >&2)
}

say "fetching the source of Kubernetes"
fetch_source || die "Debian's source package 'kubernetes' can't be fetched"

export GOPATH=$work/go GO111MODULE=off CGO_ENABLED=0 GOFLAGS=-buildvcs=false PATH=/usr/lib/go-1.19/bin:$PATH
export GOCACHE=$work/gocache
tree=$GOPATH/src/k8s.io/kubernetes
mkdir -p "$(dirname "$tree")"
mv "$work/kubernetes" "$tree"
cd "$tree"

# The vendored reflect2 1.0.1 crashes with Go 1.18 and later as soon as a mutating webhook returns a patch.
reflect2=vendor/github.com/modern-go/reflect2
rm -f $reflect2/*.go $reflect2/*.s
cp /usr/share/gocode/src/github.com/modern-go/reflect2/*.go $reflect2/
cp /usr/share/gocode/src/github.com/modern-go/reflect2/*.s $reflect2/ 2>/dev/null || true
rm -f $reflect2/*_test.go

generate_openapi() {
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  local inputs
  inputs=$(grep -rl --include='*.go' '+k8s:openapi-gen=true' staging/src/k8s.io/{api,apimachinery,kube-aggregator,apiserver,client-go,metrics,apiextensions-apiserver,component-base,kube-scheduler,kube-proxy,kubelet,kube-controller-manager,cloud-provider} 2>/dev/null |
    xargs -n1 dirname | sort -u | sed 's#^staging/src/#k8s.io/kubernetes/vendor/#' | grep -v -e /cmd/ -e testdata -e /example | paste -sd,)
  touch "$work/boilerplate"
  "$work/openapi-gen" --logtostderr --go-header-file "$work/boilerplate" --input-dirs "$inputs" \
    --output-base "$GOPATH/src" --output-package k8s.io/kubernetes/pkg/generated/openapi \
    --output-file-base zz_generated.openapi --report-filename "$work/api-violations" >"$work/openapi.log" 2>&1 ||
    { tail -5 "$work/openapi.log" >&2; return 1; }
}

say "generating the OpenAPI definitions"
generate_openapi || die "the OpenAPI definitions can't be generated"

# kubectl and the kubelets ask for the version; it is in more than one package.
stamp=
for package in k8s.io/kubernetes/vendor/k8s.io/{component-base/version,client-go/pkg/version} k8s.io/kubernetes/pkg/version; do
  stamp+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=20"
done
for binary in "${built[@]}"; do
  [ -x "$cache/$binary" ] && continue
  say "building $binary"
  go build -o "$work/$binary" -ldflags "-s -w$stamp" "./cmd/$binary"
  mv "$work/$binary" "$cache/$binary.new"
  mv "$cache/$binary.new" "$cache/$binary"
done

complete "$cache" || die "the build left $cache incomplete"
echo "$cache"
