#!/bin/sh
# Installs what building and testing need and this machine lacks, and says so. Run again, it takes less than a second.
set -eu
cd "$(dirname "$0")/.."
started=$(date +%s)

sh scripts/setup/system-packages.sh
. scripts/env.sh
sh scripts/setup/rust.sh
. scripts/env.sh # with the toolchain that may just have come
sh scripts/setup/cargo-tools.sh
sh scripts/setup/npm-packages.sh

echo "setup: all is there ($(($(date +%s) - started)) s)"
