#!/bin/sh
# Set-up: cargo-leptos, and wasm-bindgen of exactly the version that Cargo.lock names.
set -eu
. scripts/env.sh
. scripts/setup/steps.sh
. scripts/setup/install-tool.sh

leptos_version=0.3.11
bindgen_version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
[ -n "$bindgen_version" ] || stop "Cargo.lock names no wasm-bindgen; is it whole?"

if ! has cargo-leptos "$leptos_version"; then
  (
    export CARGO_PROFILE_RELEASE_OPT_LEVEL=0
    install_tool cargo-leptos "$leptos_version" cargo-leptos "7 to 11 min"
  )
fi
# It goes through the whole WASM at each build. Without TLS, which only its test runner has a use for.
if ! has wasm-bindgen "$bindgen_version"; then
  (
    export CARGO_PROFILE_RELEASE_OPT_LEVEL=1
    install_tool wasm-bindgen-cli "$bindgen_version" wasm-bindgen "1 to 2 min" --no-default-features --bin wasm-bindgen
  )
fi
rm -rf target/tools target/tools.log target/tools.built
say "cargo-leptos $leptos_version and wasm-bindgen $bindgen_version are there"
