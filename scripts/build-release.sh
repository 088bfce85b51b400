#!/bin/sh
# Builds the optimised server and browser part; does nothing when what they are made of has not changed since.
# cargo leptos build by itself would empty target/site and run wasm-bindgen and wasm-opt each time.
set -eu
cd "$(dirname "$0")/.."
. scripts/env.sh
stamp=target/release.stamp

# What was built, so that another build that has written to the same place (make test, make watch) is noticed.
built() {
  stat -c '%n %s %.Y' target/release/headhaul target/site/pkg/*
}

# A file or folder that is newer than the start of the last build; a removed file makes its folder newer.
changed() {
  for source in Cargo.toml Cargo.lock Leptos.toml .cargo app public server src style; do
    [ ! -e "$source" ] || find "$source" -name node_modules -prune -o -newer "$stamp" -print -quit
  done
}

if [ -f "$stamp" ] && [ "$(built 2>/dev/null)" = "$(cat "$stamp")" ] && [ -z "$(changed)" ]; then
  echo "build: the optimised build is up to date"
  exit 0
fi

echo "build: optimised server and browser part (the first time 16 min on two cores, after a change 2 to 5)"
start=$(date +%s)
mkdir -p target
touch target/release.started
# Precompressed, since compressing the WASM at each request would cost more than the rest of it.
node scripts/progress.mjs build cargo leptos build --release --precompress
built > "$stamp"
touch -r target/release.started "$stamp"
echo "build: done in $(($(date +%s) - start)) s"
