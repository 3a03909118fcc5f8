#!/usr/bin/env bash
# Prints, as its last line, a folder with the packages of package-lock.json, and the programs next to this one.
# Node and npm come from Debian where they are missing.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/runner-webhook/npm-$(sha256sum "$here/package-lock.json" "$here/judge.mjs" "$here/workflows.mjs" | sha256sum | cut -c 1-12)

die() { printf 'npm: %s\n' "$*" >&2; exit 1; }

mkdir -p "$cache"
exec 9>"$cache/.lock"
flock -w 600 9 || die "another run has been installing for ten minutes: see $cache"
[ -e "$cache/ready" ] && { echo "$cache"; exit 0; }

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  root=; [ "$(id -u)" = 0 ] || root='sudo -n'
  export DEBIAN_FRONTEND=noninteractive
  # Tests that need packages run side by side, and apt-get does not wait for the lock of its lists.
  apt() { $root flock /var/lib/apt apt-get -y -qq "$@" >&2; }
  install() { apt install --no-install-recommends nodejs npm; }
  install || { apt update && install; } || die "Node and npm are not there and can't be installed"
fi
cp "$here/package.json" "$here/package-lock.json" "$here/judge.mjs" "$here/workflows.mjs" "$cache"
cd "$cache"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || die "the packages can't be had"
touch ready
echo "$cache"
