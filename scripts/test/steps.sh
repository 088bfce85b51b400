# Sourced by scripts/test.sh: a step of make test, what it counts, and the second chance of a test that failed.
# $logs is the folder of what each step printed.
# shellcheck shell=bash

here=$(dirname "${BASH_SOURCE[0]}")
. "$here/runners.sh"
passed=0
failed=0
# With more failures than this in a step the code is broken, or the machine.
most_run_again=10

close() {
  if [[ -s $logs/failing ]]; then
    printf '\nFailed:\n'
    sed 's/^/  /' "$logs/failing"
  fi
  if [[ -s $logs/flaky ]]; then
    printf '\nFailed, and passed when run again alone (%s):\n' "$logs/flaky"
    sed 's/^/  /' "$logs/flaky"
  fi
  # What a step could not look at here is never taken for good in silence.
  if grep -h '^NOT CHECKED: ' "$logs"/*.log >"$logs/unchecked" 2>/dev/null; then
    printf '\n%s\n' "$(sort -u "$logs/unchecked")"
  fi
  echo
  echo "$passed passed, $failed failed" | tee "$logs/summary"
}

# step NAME TITLE COMMAND...; where it fails, all ends.
step() {
  take "$1" "$2" "" "${@:3}"
}

# tests NAME TITLE RUNNER SELECTION...; where a test fails again when it is run alone, all ends.
tests() {
  take "$1" "$2" "$3" "${@:3}"
}

# take NAME TITLE RUNNER COMMAND...; no runner: nothing is run again.
take() {
  local name=$1 title=$2 runner=$3 log=$logs/$1.log start=$SECONDS status=0 now_passed now_failed still
  shift 3
  printf '\n== %s\n' "$title"
  "$@" 2>&1 </dev/null | tee "$log" || status=$?
  read -r now_passed now_failed < <(awk -f "$here/count.awk" "$log")
  # A runner that reports failures and yet ends well is not believed.
  if ((status == 0 && now_failed != 0)); then status=1; fi
  if ((status != 0)) && [[ -n $runner ]]; then
    still=$now_failed
    run_again "$name" "$runner" "$status" "$log" "${@:2}"
    ((now_passed += now_failed - still, now_failed = still, 1))
    if ((now_failed == 0 && now_passed != 0)) && [[ $verdict == flaky ]]; then status=0; fi
  fi
  # A step that fails without a failing test (it does not compile, say) counts as one that failed.
  if ((status != 0 && now_failed == 0)); then now_failed=1; fi
  ((passed += now_passed, failed += now_failed, 1))
  printf '== %s: %s after %d s\n' "${title% (*}" "$( ((status)) && echo FAILED || echo ok)" $((SECONDS - start))
  if ((status != 0)); then exit "$status"; fi
}

# run_again NAME RUNNER STATUS LOG SELECTION...; counts in $still what fails again, and says in $verdict whether that
# was nothing. Only where the runner ran to its end and named each test that failed.
run_again() {
  local name=$1 runner=$2 status=$3 log=$4 place test again=0
  shift 4
  verdict=failed
  awk -f "$here/failing.awk" "$log" | sort -u >"$logs/$name.failing"
  local count
  count=$(wc -l <"$logs/$name.failing")
  if ((now_failed == 0 || count < now_failed)) || ! "${runner}_ran" "$status" "$log"; then
    sed "s/\t/ /; s/^ *//; s/^/$name: /" "$logs/$name.failing" >>"$logs/failing"
    return
  fi
  if ((count > most_run_again)); then
    echo "== $count tests failed: too many to be run again alone"
    sed "s/\t/ /; s/^ *//; s/^/$name: /" "$logs/$name.failing" >>"$logs/failing"
    return
  fi
  while IFS= read -r line <&3; do
    place=${line%%$'\t'*}
    test=${line#*$'\t'}
    printf '\n== Again, alone: %s\n' "$test"
    if passes_alone "$logs/$name.again.log" "$runner" "$place" "$test" "$@"; then
      echo "$name: ${place:+$place }$test" >>"$logs/flaky"
    else
      echo "$name: ${place:+$place }$test" >>"$logs/failing"
      ((again += 1))
    fi
  done 3<"$logs/$name.failing"
  if ((again == 0)); then verdict=flaky; fi
  still=$((again < now_failed ? again : now_failed))
}

# A run of nothing passes nothing.
passes_alone() {
  local log=$1 runner=$2 status=0 alone_passed alone_failed
  shift 2
  "${runner}_alone" "$@" 2>&1 </dev/null | tee "$log" || status=$?
  read -r alone_passed alone_failed < <(awk -f "$here/count.awk" "$log")
  ((status == 0 && alone_passed > 0 && alone_failed == 0))
}
