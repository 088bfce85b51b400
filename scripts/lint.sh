#!/bin/sh
# The checks of the code itself. lint.sh fmt|deny|native|wasm runs one of them, lint.sh alone all.
set -eu
cd "$(dirname "$0")/.."
. scripts/env.sh

# Known weaknesses of the crates in Cargo.lock. The list of them is fetched from its makers; where it can't be had, that
# is said, in make test's last lines too, and it fails where ADVISORIES=required.
advisories() {
  log=$(mktemp)
  status=0
  GIT_TERMINAL_PROMPT=0 timeout 120 cargo deny --locked check advisories >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" = 124 ] || grep -q 'failed to fetch advisory database' "$log"; then
    sed 's/^/  /' "$log"
    echo "NOT CHECKED: advisories for the crates in Cargo.lock, since their list can't be fetched"
    status=0
    [ "${ADVISORIES:-}" != required ] || status=1
  else
    cat "$log"
  fi
  rm -f "$log"
  return "$status"
}

check() {
  case $1 in
    fmt) cargo fmt --all --check ;;
    deny)
      sh scripts/setup/cargo-deny.sh
      cargo deny --locked check licenses bans sources
      advisories
      ;;
    # The same features as the server's build.
    native) cargo clippy --workspace --all-targets --features headhaul/ssr -- -D warnings ;;
    # The same features and folder as the browser's build, whose build scripts and macros are then there already.
    wasm)
      cargo clippy --package headhaul --lib --target wasm32-unknown-unknown --target-dir target/front \
        --no-default-features --features hydrate -- -D warnings
      ;;
    *)
      echo "lint.sh: no check is called $1" >&2
      exit 2
      ;;
  esac
}

for name in ${1:-fmt deny native wasm}; do
  check "$name"
done
