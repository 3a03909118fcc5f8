#!/usr/bin/env bash
# Prints, as its last line, the path of evaluate.go as a program.
#
# cel-go and a Go compiler that is new enough for it come from Debian 13, whatever release the machine itself is of: its
# own mirrors are asked, packages are unpacked into a folder of their own, and nothing is installed. No root is needed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/runner-webhook/cel-$(sha256sum "$here/evaluate.go" "$0" | sha256sum | cut -c 1-12)
program=$cache/evaluate

say() { printf 'cel-go: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock -w 600 9 || die "another run has been building for ten minutes: see $cache"
[ -x "$program" ] && { echo "$program"; exit 0; }

command -v apt-get >/dev/null || die "there is no apt-get to fetch cel-go with"
[ "$(dpkg --print-architecture)" = amd64 ] || [ "$(dpkg --print-architecture)" = arm64 ] || die "no Go compiler for this machine"
work=$(mktemp -d "${TMPDIR:-/tmp}/runner-webhook-cel.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/archives/partial" "$work/root" "$work/go"
touch "$work/status"

# The machine's first mirror of Debian's main archive, and the key that it is trusted by.
find_mirror() {
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    awk -v RS= '/(^|\n)Types:[^\n]*deb/ && /\/debian\/?(\n|$)/ { print; exit }' "$file" |
      sed -e '/^#/d' -e 's/^Types:.*/Types: deb/' -e 's/^Suites:.*/Suites: trixie/' -e 's/^Components:.*/Components: main/'
  done
  { find /etc/apt/sources.list /etc/apt/sources.list.d -name '*.list' -exec cat {} + 2>/dev/null || true; } |
    sed -n 's#^deb \(\[.*\] \)\?\([^ ]*/debian/\?\) .*#\2#p' | head -1 |
    sed 's#.*#Types: deb\nURIs: &\nSuites: trixie\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg#'
}
find_mirror | awk -v RS= 'NR == 1' >"$work/sources/trixie.sources"
[ -s "$work/sources/trixie.sources" ] || die "apt has no mirror of Debian"

apt() {
  apt-get -y -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" \
    -o Dir::State="$work" -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" \
    -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" -o APT::Sandbox::User="$(id -un)" \
    -o Debug::NoLocking=1 "$@" >"$work/log" 2>&1 || { tail -3 "$work/log" >&2; return 1; }
}

say "fetching cel-go and a Go compiler (73 MB)"
apt update || die "Debian 13 can't be reached"
apt install --no-install-recommends --download-only golang-1.24-go golang-github-google-cel-go-dev ||
  die "Debian 13 has no cel-go"
for package in "$work"/archives/golang-*.deb; do dpkg-deb -x "$package" "$work/root"; done

say "building"
ln -s "$work/root/usr/share/gocode/src" "$work/go/src"
GOROOT=$work/root/usr/lib/go-1.24 GOPATH=$work/go GOCACHE=$work/cache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=-buildvcs=false \
  "$work/root/usr/lib/go-1.24/bin/go" build -o "$program.new" "$here/evaluate.go" >&2 || die "it does not build"
mv "$program.new" "$program"
echo "$program"
