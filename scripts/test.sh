#!/usr/bin/env bash
# make test: sets up, runs every check and test in order and stops at the first that fails. The last line it prints is
# "N passed, N failed", over the tests of Rust and of Node. What each step printed stays in target/test-logs.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=target/test-logs
rm -rf "$logs"
mkdir -p "$logs"
export CARGO_TERM_COLOR=never NO_COLOR=1 # the logs are read below
passed=0
failed=0

close() {
  echo
  echo "$passed passed, $failed failed" | tee "$logs/summary"
}
trap close EXIT

# step NAME TITLE COMMAND...
step() {
  local log=$logs/$1.log title=$2 start=$SECONDS status=0 now_passed now_failed
  shift 2
  printf '\n== %s\n' "$title"
  "$@" 2>&1 </dev/null | tee "$log" || status=$?
  read -r now_passed now_failed < <(awk -f scripts/count-tests.awk "$log")
  # A step that fails without a failing test (it does not compile, say) counts as one that failed.
  if ((status != 0 && now_failed == 0)); then now_failed=1; fi
  # A runner that reports failures and yet ends well is not believed.
  if ((status == 0 && now_failed != 0)); then status=1; fi
  ((passed += now_passed, failed += now_failed, 1))
  printf '== %s: %s after %d s\n' "${title% (*}" "$( ((status)) && echo FAILED || echo ok)" $((SECONDS - start))
  if ((status != 0)); then exit "$status"; fi
}

# The same features as the server's build, so that what both need is compiled once.
native_tests=(--workspace --features headhaul/ssr)

browser_tests() {
  local files
  mapfile -t files < <(find end2end/tests -name '*.js' -o -name '*.mjs' | sort)
  if ((${#files[@]} == 0)); then
    echo "end2end/tests holds no tests"
    return 1
  fi
  # A test that fails may leave a browser or a socket open; the runner doesn't wait for them, nor for a test that hangs.
  HEADHAUL_BIN=$PWD/target/debug/headhaul node --test --test-reporter=spec --test-force-exit --test-timeout=600000 \
    "${files[@]}"
}

step setup "Set-up" scripts/setup.sh
. scripts/env.sh
step fmt "Formatting" scripts/lint.sh fmt
step build "Build of server and browser part (the first time 12 min on two cores)" cargo leptos build
if command -v cargo-nextest >/dev/null; then
  step rust "Tests in Rust" cargo nextest run "${native_tests[@]}" --no-fail-fast --no-tests=pass
  step doc "Examples in the documentation" cargo test "${native_tests[@]}" --doc --no-fail-fast
else
  step rust "Tests in Rust" cargo test "${native_tests[@]}" --no-fail-fast
fi
step clippy-native "Clippy, server" scripts/lint.sh native
step clippy-wasm "Clippy, browser" scripts/lint.sh wasm
step browser "Tests in the browser and of the socket" browser_tests
