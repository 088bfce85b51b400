#!/bin/sh
# Installs what building and testing need and this machine lacks, and says so. Run again, it takes less than a second.
# setup.sh base leaves out the tools of cargo's, which take longest and which the server is built without; setup.sh tools
# is these.
set -eu
cd "$(dirname "$0")/.."
started=$(date +%s)
part=${1:-all}

if [ "$part" != tools ]; then
  sh scripts/setup/system-packages.sh
  . scripts/env.sh
  sh scripts/setup/rust.sh
fi
. scripts/env.sh # with the toolchain that may just have come
[ "$part" = tools ] || sh scripts/setup/npm-packages.sh
[ "$part" = base ] || sh scripts/setup/cargo-tools.sh
[ "$part" = base ] || echo "setup: all is there ($(($(date +%s) - started)) s)"
