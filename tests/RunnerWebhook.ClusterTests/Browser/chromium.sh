#!/usr/bin/env bash
# Prints, as its last line, the path of Chromium. It comes from Debian where it is missing.
set -euo pipefail

find_it() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if ! find_it >/dev/null; then
  root=; [ "$(id -u)" = 0 ] || root='sudo -n'
  export DEBIAN_FRONTEND=noninteractive
  # Tests that need packages run side by side, and apt-get does not wait for the lock of its lists.
  apt() { $root flock /var/lib/apt apt-get -y -qq "$@" >&2; }
  install() { apt install --no-install-recommends chromium; }
  install || { apt update && install; } || { echo 'chromium: it is not there and can not be installed' >&2; exit 1; }
fi
find_it
