#!/bin/sh
# Set-up: a Rust toolchain for server and browser, with clippy and rustfmt; from rustup, or else from Debian.
set -eu
. scripts/env.sh
. scripts/setup/steps.sh

# 100 is how some versions say that there are updates.
rustup_answers() {
  answer=0
  timeout 20 rustup check >/dev/null 2>&1 || answer=$?
  [ "$answer" = 0 ] || [ "$answer" = 100 ]
}

# rustup answers within seconds or not at all. Neither the default toolchain nor rustup itself is changed.
from_rustup() {
  command -v rustup >/dev/null || return 1
  begin "asking rustup" "1 s; given up after three times 20"
  if ! persistently rustup_answers; then
    hush
    say "rustup can't reach its downloads; Debian's packages are the other way"
    return 1
  fi
  hush
  if rust_is_new_enough ""; then
    begin "target wasm32-unknown-unknown, clippy and rustfmt from rustup" "20 s"
    if ! persistently timeout 300 rustup target add wasm32-unknown-unknown ||
      ! persistently timeout 300 rustup component add clippy rustfmt; then
      hush
      return 1
    fi
  else
    begin "Rust $RUST_TOOLCHAIN with wasm32-unknown-unknown from rustup" "30 s"
    if ! persistently timeout 600 rustup toolchain install "$RUST_TOOLCHAIN" --no-self-update --profile minimal \
      --component clippy,rustfmt --target wasm32-unknown-unknown; then
      hush
      return 1
    fi
  fi
  finish
}

# Debian carries a newer compiler for its browsers, and the source of the standard library, but not built for WASM.
from_debian() {
  packages="rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web"
  # shellcheck disable=SC2086 # a list of names
  if ! dpkg --status $packages >/dev/null 2>&1; then
    begin "Rust from Debian: $packages" "1 min"
    apt_install $packages
    finish
  fi
  # rust-lld is a link to the linker of one LLVM version, which is a package of its own.
  if ! command -v rust-lld >/dev/null; then
    begin "the linker for WASM" "10 s"
    apt_install "$(readlink /usr/bin/rust-lld)"
    finish
  fi
  if command -v rustup >/dev/null; then
    rustup toolchain link debian /usr
    export RUSTUP_TOOLCHAIN=debian
  fi
  rust_is_new_enough "" ||
    stop "Debian's rustc-web is older than 1.$RUST_MINOR; are the security updates among the apt sources?"
  if ! rust_builds_wasm ""; then
    begin "building the standard library for wasm32-unknown-unknown" "1 min"
    persistently as_root sh scripts/setup/wasm-library.sh /usr/lib/rustlib/wasm32-unknown-unknown/lib
    finish
  fi
}

has_all() {
  [ -n "${RUST_READY:-}" ] && cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1
}

if ! has_all; then
  # A Debian toolchain that only lacks a part is completed where it came from.
  if [ "${RUST_READY:-}:${RUSTUP_TOOLCHAIN:-}" = yes:debian ]; then
    from_debian
  else
    from_rustup || from_debian
  fi
  unset RUST_READY
  . scripts/env.sh
  has_all || stop "no Rust 1.$RUST_MINOR with wasm32-unknown-unknown, clippy and rustfmt; install it by hand, run again"
fi
say "Rust is there: $(rustc --version | cut -d' ' -f1,2), toolchain ${RUSTUP_TOOLCHAIN:-active by default}"
