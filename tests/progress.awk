# Shows what a test suite is doing, from the lines of xunit's reporter "verbose" and from a line TICK every second. Tests that run in
# parallel all start at once: the last one that ended is shown.
# It prints failures at once, and at the end the counts and the reasons of skipped tests.
#
#   expected  how many seconds the suite takes
#   counts    the file to write "PASSED FAILED SKIPPED" to
#   failures  the file to add the names of failed tests to
#   terminal  1: each line of progress replaces the one before
BEGIN { start = shown = now() }

# The portable way to the time: srand() returns the seed before, which is the time of the call before.
function now() { srand(); return srand() }

function clock(seconds) { return sprintf("%d:%02d", seconds / 60, seconds % 60) }

function short(name) {
  sub(/^ +/, "", name)
  sub(/ \[[A-Z ]+\].*$/, "", name)
  sub(/^RunnerWebhook\.(Cluster)?Tests\./, "", name)
  return substr(name, 1, 110)
}

function erase() { if (drawn) printf "\r\033[K"; drawn = 0 }

function say(line) { erase(); print line; fflush() }

function progress(line) {
  line = sprintf("  %s of about %s: %d passed, %d failed, %d skipped; %s",
    clock(now() - start), clock(expected), finished - failed - skipped, failed, skipped, at == "" ? "starting" : at)
  shown = now()
  if (!terminal) { say(line); return }
  erase(); printf "%s", substr(line, 1, 118); drawn = 1; fflush()
}

/^ *TICK$/ { if (now() - shown >= (terminal ? 1 : 15)) progress(); next }
/^    [^ ].* \[STARTING\]$/ { at = "now " short($0); reading = ""; next }
/^    [^ ].* \[FINISHED\] Time: / { finished++; at = "after " short($0); reading = ""; next }
/^    [^ ].* \[FAIL\]$/ { failed++; reading = "failure"; say("  failed: " short($0)); print "failed: " short($0) >>failures; next }
/^    [^ ].* \[SKIP\]$/ { skipped++; reading = "reason"; next }
/^    [^ ].* \[(OUTPUT|WARNING|NOT RUN)\]/ { reading = ""; next }
/^  (Discovering|Discovered|Starting|Finished): / || /^=== TEST EXECUTION SUMMARY ===/ { reading = ""; next }
match($0, /Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+/) {
  split(substr($0, RSTART, RLENGTH), total, /[^0-9]+/)
  next
}
reading == "reason" { sub(/^ +/, ""); if ($0 != "") { reasons[$0]++; reading = "" } next }
# A failure's text, or what tests print by themselves, e.g. what they are building.
/[^ ]/ { say("  " $0) }

END {
  erase()
  for (reason in reasons) printf "  skipped %d: %s\n", reasons[reason], reason
  # total[2]: all; [3]: errors outside of tests; [4]: failed; [5]: skipped; [6]: not run.
  print total[2] - total[3] - total[4] - total[5] - total[6], total[3] + total[4], total[5] + 0 >counts
  printf "  %d passed, %d failed, %d skipped in %s\n", total[2] - total[4] - total[5] - total[6], total[3] + total[4], total[5], clock(now() - start)
}
