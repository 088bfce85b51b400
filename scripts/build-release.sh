#!/bin/sh
# Sets up, and builds the optimised server and browser part; does nothing when what they are made of has not changed since.
# cargo leptos build by itself would empty target/site and run wasm-bindgen and wasm-opt each time.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh base
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

# Two builds at once need this much: 6 GB, in kB.
has_memory() {
  [ "$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)" -gt 6000000 ]
}

# The server is begun while the tools are built, and then the browser part: these keep two cores busy by half, since much
# of them is one after the other. cargo leptos build waits for it and finds it built. What fails here fails there again,
# and is told there. An interrupt must be handed on: a shell has its background deaf to it.
head_start() {
  PROGRESS_LOG=target/server-build.log nice -n 10 node scripts/progress.mjs "the server, beside it" \
    cargo build --package=headhaul --bin=headhaul --no-default-features --features=ssr --release &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

echo "build: optimised server and browser part (the first time up to 30 min on two cores, tools and all; after a change 2 to 5)"
start=$(date +%s)
mkdir -p target
touch target/release.started
! has_memory || head_start
scripts/setup.sh tools
# Precompressed, since compressing the WASM at each request would cost more than the rest of it.
node scripts/progress.mjs build cargo leptos build --release --precompress
built > "$stamp"
touch -r target/release.started "$stamp"
echo "build: done in $(($(date +%s) - start)) s"
