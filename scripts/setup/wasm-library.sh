#!/bin/sh
# Builds the standard library of Debian's rustc for wasm32-unknown-unknown into the folder $1. Its few dependencies
# come from crates.io, in the versions of its lock.
set -eu
destination=$1
source=$(printf '%s\n' /usr/src/rustc-*/library | sort -V | tail -n 1)
target=wasm32-unknown-unknown

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$source" "$work/library"
cd "$work/library"

# The flags with which Rust's own build makes it: otherwise rustc takes it for ordinary, unstable crates.
env PATH=/usr/bin:/bin CARGO_TARGET_DIR="$work/target" \
  RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=stablestd \
  RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
  cargo build --quiet --locked --release --target "$target" --manifest-path sysroot/Cargo.toml \
  --features compiler-builtins-mem

rm -rf "$destination"
mkdir -p "$destination"
for library in "$work/target/$target/release/deps"/*.rlib "$work/target/$target/release/deps"/*.rmeta; do
  cp "$library" "$destination"
done
