#!/bin/sh
# Set-up: cargo-leptos, and wasm-bindgen of exactly the version that Cargo.lock names.
set -eu
. scripts/env.sh
. scripts/setup/steps.sh
. scripts/setup/install-tool.sh

leptos_version=0.3.11
bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
[ -n "$bindgen_version" ] || stop "Cargo.lock names no wasm-bindgen; is it whole?"

# Without optimisation they are built soonest. But all of the WASM goes through these crates at each build:
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0
hot=
for name in gimli hashbrown id-arena indexmap walrus wasm-bindgen-cli-support wasm-encoder wasmparser; do
  hot="$hot --config profile.release.package.$name.opt-level=1"
done

has cargo-leptos "$leptos_version" || install_tool cargo-leptos "$leptos_version" cargo-leptos "7 min"
# Without TLS, which only its test runner has a use for.
# shellcheck disable=SC2086 # a list of options
has wasm-bindgen "$bindgen_version" || install_tool wasm-bindgen-cli "$bindgen_version" wasm-bindgen "1 min" \
  --no-default-features --bin wasm-bindgen $hot
rm -rf target/tools target/tools.log target/tools.built
say "cargo-leptos $leptos_version and wasm-bindgen $bindgen_version are there"
