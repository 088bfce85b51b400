#!/usr/bin/env bash
# make test: sets up, runs every check and test in order and stops at the first that fails. The last line it prints is
# "N passed, N failed", over the tests of Rust and of Node. What each step printed stays in target/test-logs.
# A test that fails is run again alone, once: when it passes then, it counts as passed and is named before the last line
# and in target/test-logs/flaky.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=target/test-logs
rm -rf "$logs"
mkdir -p "$logs"
export CARGO_TERM_COLOR=never NO_COLOR=1 # the logs are read below
touch "$logs/flaky" # empty: there is none
. scripts/test/steps.sh
trap close EXIT

# The same features as the server's build, so that what both need is compiled once.
native_tests=(--workspace --features headhaul/ssr)

mapfile -t browser_tests < <(find end2end/tests -name '*.js' -o -name '*.mjs' | sort)
# Without a file Node would look for tests everywhere.
((${#browser_tests[@]} > 0)) || { echo "end2end/tests holds no tests"; failed=1; exit 1; }

step setup "Set-up" scripts/setup.sh
. scripts/env.sh
step fmt "Formatting" scripts/lint.sh fmt
step deny "Licences, sources and advisories of the crates" scripts/lint.sh deny
step build "Build of server and browser part (the first time 12 min on two cores)" \
  node scripts/progress.mjs build cargo leptos build
if command -v cargo-nextest >/dev/null; then
  tests rust "Tests in Rust" nextest "${native_tests[@]}"
  tests doc "Examples in the documentation" cargo_test "${native_tests[@]}" --doc
else
  tests rust "Tests in Rust" cargo_test "${native_tests[@]}"
fi
step clippy-native "Clippy, server" node scripts/progress.mjs clippy scripts/lint.sh native
step clippy-wasm "Clippy, browser" node scripts/progress.mjs clippy scripts/lint.sh wasm
export HEADHAUL_BIN=$PWD/target/debug/headhaul
tests browser "Tests in the browser and of the socket" node_test "${browser_tests[@]}"
