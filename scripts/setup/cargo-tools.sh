#!/bin/sh
# Set-up: cargo-leptos, and wasm-bindgen of exactly the version that Cargo.lock names.
set -eu
. scripts/env.sh
. scripts/setup/steps.sh

leptos_version=0.3.11
bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
[ -n "$bindgen_version" ] || stop "Cargo.lock names no wasm-bindgen; is it whole?"

# has PROGRAM VERSION; the shell must not remember where an older one was.
has() {
  hash -r
  [ "$("$1" --version 2>/dev/null)" = "$1 $2" ]
}

# install_tool CRATE VERSION PROGRAM USUAL_TIME; ready-made if it can be had, else built.
install_tool() {
  # Where cargo always puts them; but another version may be there for other projects, and stays.
  place=${CARGO_HOME:-$HOME/.cargo}
  if command -v "$3" >/dev/null; then
    place=$PWD/.tools
  fi

  if command -v cargo-binstall >/dev/null; then
    begin "$1 $2, ready-made" "20 s; given up after 120"
    if timeout 120 cargo binstall --no-confirm --disable-strategies compile --root "$place" "$1@$2" </dev/null &&
      has "$3" "$2"; then
      finish
      return
    fi
    say "no ready-made $1 can be had"
  fi

  begin "building $1 $2" "$4 on two cores, this once"
  # Outside the project, whose cargo settings aren't meant for tools. What is built survives an interruption.
  build=$PWD/target/tools
  (cd / && CARGO_TARGET_DIR=$build cargo install --locked --root "$place" --version "$2" "$1")
  rm -rf "$build"
  has "$3" "$2" || stop "$1 $2 was built, but $3 on the PATH is not it"
  finish
}

if ! has cargo-leptos "$leptos_version"; then
  # Its own release profile (one unit, fat link-time optimisation) takes 37 minutes and makes nothing here faster.
  (
    export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0
    install_tool cargo-leptos "$leptos_version" cargo-leptos "11 min"
  )
fi
has wasm-bindgen "$bindgen_version" || install_tool wasm-bindgen-cli "$bindgen_version" wasm-bindgen "5 min"
say "cargo-leptos $leptos_version and wasm-bindgen $bindgen_version are there"
