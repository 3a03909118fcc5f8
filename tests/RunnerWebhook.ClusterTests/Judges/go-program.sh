#!/usr/bin/env bash
# Builds a Go program with libraries of Debian, and prints its path as the last line: go-program.sh SOURCE SUITE GO LIBRARY
#
# Libraries and a Go compiler that is new enough for them come from a later release of Debian than the machine's own: its
# own mirrors are asked, packages are unpacked into a folder of their own, and nothing is installed. No root is needed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/$1 suite=$2 go=$3 library=$4
name=$(basename "$1" .go)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/runner-webhook/$name-$(cat "$source" "$0" | sha256sum | cut -c 1-12)
program=$cache/$name

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { say "$*"; exit 1; }

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock -w 1200 9 || die "another run has been building for twenty minutes: see $cache"
[ -x "$program" ] && { echo "$program"; exit 0; }

command -v apt-get >/dev/null || die "there is no apt-get to fetch libraries with"
[ "$(dpkg --print-architecture)" = amd64 ] || [ "$(dpkg --print-architecture)" = arm64 ] || die "no Go compiler for this machine"
work=$(mktemp -d "${TMPDIR:-/tmp}/runner-webhook-go.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/archives/partial" "$work/root" "$work/go"
touch "$work/status"

# The machine's first mirror of Debian's main archive, and the key that it is trusted by.
find_mirror() {
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v RS= '/(^|\n)Types:[^\n]*deb/ && /\/debian\/?(\n|$)/ { print; exit }' "$file" |
      sed -e '/^#/d' -e 's/^Types:.*/Types: deb/' -e "s/^Suites:.*/Suites: $suite/" -e 's/^Components:.*/Components: main/'
  done
  { find /etc/apt/sources.list /etc/apt/sources.list.d -name '*.list' -exec cat {} + 2>/dev/null || true; } |
    sed -n 's#^deb \(\[.*\] \)\?\([^ ]*/debian/\?\) .*#\2#p' | head -1 |
    sed "s#.*#Types: deb\nURIs: &\nSuites: $suite\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg#"
}
find_mirror | awk -v RS= 'NR == 1' >"$work/sources/later.sources"
[ -s "$work/sources/later.sources" ] || die "apt has no mirror of Debian"

apt() {
  apt-get -y -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" \
    -o Dir::State="$work" -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" \
    -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" -o APT::Sandbox::User="$(id -un)" \
    -o Debug::NoLocking=1 "$@" >"$work/log" 2>&1 || { tail -3 "$work/log" >&2; return 1; }
}

say "fetching $library and $go (about 80 MB)"
apt update || die "Debian $suite can't be reached"
apt install --no-install-recommends --download-only "$go-go" "$library" || die "Debian $suite has no $library"
for package in "$work"/archives/golang-*.deb; do dpkg-deb -x "$package" "$work/root"; done

say "building"
ln -s "$work/root/usr/share/gocode/src" "$work/go/src"
home=$work/root/usr/lib/${go/golang/go}
GOROOT=$home GOPATH=$work/go GOCACHE=$work/cache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=-buildvcs=false \
  "$home/bin/go" build -o "$program.new" "$source" >&2 || die "it does not build"
mv "$program.new" "$program"
echo "$program"
