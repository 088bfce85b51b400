# Sourced, from the root of the project, by every script and recipe: PATH, Rust toolchain, and the names that a build
# and its tests share.
# shellcheck shell=sh

# The oldest rustc that the project and cargo-leptos build with, and the one that rustup is asked for.
RUST_MINOR=96
RUST_TOOLCHAIN=1.$RUST_MINOR.0

# .tools holds tools whose version differs from one that is installed for everybody; see scripts/setup/cargo-tools.sh.
PATH="$PWD/.tools/bin:$PWD/app/js/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
export PATH

# leptos looks at this name while it is compiled. cargo-leptos sets it; so must cargo test and clippy, or all that
# depends on leptos is compiled a second time, and pages ask for a WASM file of another name.
export LEPTOS_OUTPUT_NAME=headhaul

# The scripts know the built files by their place in target/.
unset CARGO_TARGET_DIR

# Is the rustc of toolchain $1 (empty: the active one) new enough? Never downloads one.
rust_is_new_enough() (
  version=$(RUSTUP_AUTO_INSTALL=0 rustc ${1:+"+$1"} --version 2>/dev/null) || exit 1
  version=${version#rustc }
  minor=${version#*.}
  [ "${version%%.*}" -gt 1 ] || [ "${minor%%.*}" -ge "$RUST_MINOR" ]
)

# ... and can it compile for the browser? Tried, because a library that another rustc built is of no use.
rust_builds_wasm() (
  rust_is_new_enough "$1" || exit 1
  out=$(mktemp) || exit 1
  trap 'rm -f "$out"' EXIT
  echo 'pub fn f() {}' |
    rustc ${1:+"+$1"} --target wasm32-unknown-unknown --crate-type lib --emit=metadata -o "$out" - 2>/dev/null
)

# The first toolchain that can: the active one, rustup's, Debian's. RUST_READY stays empty when there is none.
if [ -z "${RUST_READY:-}" ]; then
  for toolchain in "" "$RUST_TOOLCHAIN" debian; do
    if [ -n "$toolchain" ] && ! ls -d "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$toolchain"* >/dev/null 2>&1; then
      continue
    fi
    if rust_builds_wasm "$toolchain"; then
      [ -z "$toolchain" ] || export RUSTUP_TOOLCHAIN="$toolchain"
      export RUST_READY=yes
      break
    fi
  done
fi

# For the browser tests, and for those that start a PostgreSQL of their own.
if [ -z "${CHROMIUM:-}" ]; then
  CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
  export CHROMIUM
fi
if [ -z "${POSTGRES_BIN:-}" ]; then
  if command -v initdb >/dev/null; then
    POSTGRES_BIN=$(dirname "$(command -v initdb)")
  else
    POSTGRES_BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    [ -x "$POSTGRES_BIN/initdb" ] || POSTGRES_BIN=
  fi
  export POSTGRES_BIN
fi
