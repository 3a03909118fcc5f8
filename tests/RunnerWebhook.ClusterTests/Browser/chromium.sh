#!/usr/bin/env bash
# Prints, as its last line, the path of Chromium. It comes from Debian where it is missing.
set -euo pipefail

find_it() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! find_it >/dev/null; then
  root=; [ "$(id -u)" = 0 ] || root='sudo -n'
  export DEBIAN_FRONTEND=noninteractive
  install() { $root apt-get -y -qq install --no-install-recommends chromium >&2; }
  install || { $root apt-get -qq update >&2 && install; } || { echo 'chromium: it is not there and can not be installed' >&2; exit 1; }
fi
find_it
