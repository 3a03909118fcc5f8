#!/bin/sh
# What ./dev fuzz runs: each target, or one, for some seconds. Findings and the inputs found are in artifacts/fuzz.
set -eu
cd "$(dirname "$0")/.."

only=${1:-}
seconds=${2:-60}
out=$PWD/artifacts/fuzz
program=$out/program/RunnerWebhook.Fuzz.dll

rm -rf "$out/program"
dotnet publish tests/RunnerWebhook.Fuzz -c Release -o "$out/program" -p:PublishAot=false -v q -nologo
dotnet "$program" instrument "$out/program/RunnerWebhook.Core.dll" "$out/program/RunnerWebhook.Yaml.dll" "$out/program/runner-webhook.dll"

own() { dotnet "$program" run "$1" "$seconds" "$out"; }

# afl-fuzz TARGET: its crashes are run once more, for their reports.
afl() {
  rm -rf "$out/afl/$1"
  mkdir -p "$out/afl/$1/seeds"
  dotnet "$program" seeds "$1" "$out/afl/$1/seeds"
  dotnet "$program" words >"$out/afl/words.dict"
  AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 \
    afl-fuzz -i "$out/afl/$1/seeds" -o "$out/afl/$1/out" -x "$out/afl/words.dict" -t 10000 -m none -V "$seconds" \
    -- dotnet "$program" afl "$1" >"$out/afl/$1/log" 2>&1 || { tail -20 "$out/afl/$1/log"; return 1; }
  sed -n 's/^\(execs_done\|execs_per_sec\|corpus_count\|saved_crashes\|saved_hangs\) *: */\1 /p' \
    "$out/afl/$1/out/default/fuzzer_stats" | tr '\n' ' '
  echo
  dotnet "$program" collect "$1" "$out/afl/$1/out/default" "$out"
}

# Both find what the other doesn't: AFL++ changes inputs in more ways, and the program's own loop tries more of them.
if command -v afl-fuzz >/dev/null; then
  fuzz() { afl "$1" && own "$1"; }
else
  echo "afl-fuzz is not installed: only the program's own loop runs"
  fuzz() { own "$1"; }
fi

failed=
for target in ${only:-$(dotnet "$program" targets)}; do
  fuzz "$target" || failed=1
done
[ -z "$failed" ]
