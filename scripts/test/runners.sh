# Sourced by scripts/test.sh: the runners of tests. For each, how it runs the tests that "$@" selects, and how it runs
# one of them, $1 its place and $2 its name as failing.awk prints them, alone.
# shellcheck shell=bash

nextest() {
  node "$here/../progress.mjs" "tests in Rust" cargo nextest run "$@" --no-fail-fast
}

nextest_alone() {
  local place=$1 name=$2
  shift 2
  cargo nextest run "$@" -E "binary_id(=$place) & test(=$name)"
}

# By cargo nextest 100 says that all was built and run, and tests failed.
nextest_ran() {
  (($1 == 100))
}

cargo_test() {
  node "$here/../progress.mjs" "tests in Rust" cargo test "$@" --no-fail-fast
}

cargo_test_alone() {
  local name=$2
  shift 2
  cargo test "$@" --no-fail-fast -- --exact "$name"
}

# A program of tests that crashed has failed without naming a test.
cargo_test_ran() {
  local told results
  told=$(sed -n 's/^error: \([0-9]*\) targets\{0,1\} failed:$/\1/p' "$2" | tail -n 1)
  results=$(grep -c '^test result: FAILED' "$2" || true)
  [[ -n $told && $told == "$results" ]]
}

# A test that fails may leave a browser or a socket open; the runner doesn't wait for them, nor for a test that hangs.
node_test() {
  node --test --test-reporter=spec --test-force-exit --test-timeout=600000 "$@"
}

# The file as a whole, where the name is that of the file (it failed outside of its tests) or selects no test.
node_test_alone() {
  local place=$1 name=$2 pattern out status=0
  if [[ $name != *"$place" ]]; then
    pattern=$(sed 's#[][\\/.*+?^${}()|]#\\&#g' <<<"$name")
    out=$(node_test --test-name-pattern="/^$pattern\$/" "$place" 2>&1) || status=$?
    printf '%s\n' "$out"
    if [[ $(awk -f "$here/count.awk" <<<"$out") != "0 0" ]]; then return "$status"; fi
  fi
  node_test "$place"
}

node_test_ran() {
  (($1 == 1))
}
