#!/bin/sh
# What ./dev test runs: the unit tests and the cluster tests, or with --fast the unit tests alone, which need no cluster.
# It says what it is doing while it does it, and at the end names the tests that failed. Its last line is
# "N passed, N failed, N skipped".
set -eu
cd "$(dirname "$0")/.."

case ${1:-} in
  '') fast= projects=RunnerWebhook.sln ;;
  --fast) fast=1 projects=tests/RunnerWebhook.Tests ;;
  *) echo "usage: ./dev test [--fast]" >&2; exit 2 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
terminal=
[ ! -t 1 ] || terminal=1
passed=0 failed=0 skipped=0
mkdir -p artifacts
rm -f artifacts/figures.txt

# The seconds that a suite took here the last time, or else those that two cores need.
expected() { cat "artifacts/seconds-$1" 2>/dev/null || echo "$2"; }

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

add() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

# run SUITE PROJECT SECONDS THREADS: the unit tests wait for processes more than they compute.
run() {
  seconds=$(expected "$1" "$3")
  began=$(date +%s)
  echo "$1 tests: about $(clock "$seconds") minutes"
  {
    # mawk looks at a line once it has read 4096 bytes.
    (while sleep 1; do printf '%4095s\n' TICK; done) &
    ticker=$!
    status=0
    dotnet "$2/bin/Debug/net10.0/${2##*/}.dll" -maxThreads "$4" -reporter verbose -noLogo -noColor -noAutoReporters 2>&1 || status=$?
    kill "$ticker"
    echo "$status" >"$work/status"
  } | awk -v expected="$seconds" -v counts="$work/counts" -v failures="$work/failures" -v terminal="$terminal" \
    -f tests/progress.awk
  # shellcheck disable=SC2046 # Three numbers.
  add $(cat "$work/counts")
  if [ "$(cat "$work/status")" = 0 ]; then
    echo $(($(date +%s) - began)) >"artifacts/seconds-$1"
  elif [ "$failed" = 0 ]; then
    echo "  the $1 tests ended with exit code $(cat "$work/status"), and no test failed"
    add 0 1 0
  fi
}

echo "building"
# Whole, also with --fast: the licences of all packages are looked at.
dotnet restore RunnerWebhook.sln -v q
dotnet build "$projects" --no-restore -v q --nologo
run unit tests/RunnerWebhook.Tests 110 8
[ -n "$fast" ] || run cluster tests/RunnerWebhook.ClusterTests 1300 2
cat artifacts/figures.txt "$work/failures" 2>/dev/null || true
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
