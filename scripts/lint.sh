#!/bin/sh
# The checks of the code itself. lint.sh fmt|native|wasm runs one of them, lint.sh alone all.
set -eu
cd "$(dirname "$0")/.."
. scripts/env.sh

check() {
  case $1 in
    fmt) cargo fmt --all --check ;;
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

for name in ${1:-fmt native wasm}; do
  check "$name"
done
