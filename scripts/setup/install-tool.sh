# Sourced by the steps of the set-up that install a tool of cargo's.
# shellcheck shell=sh

project=$PWD
# The tools' own release profiles (cargo-leptos: one unit, fat link-time optimisation, 37 minutes) make nothing here
# faster. As many units as cargo takes for build scripts and macros, so that what both need is compiled once.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256

# has PROGRAM VERSION; the shell must not remember where an older one was.
has() {
  hash -r
  [ "$("$1" --version 2>/dev/null)" = "$1 $2" ]
}

# install_tool CRATE VERSION PROGRAM USUAL_TIME [OPTION_OF_CARGO_INSTALL...]; ready-made if it can be had, else built with
# the dependencies that its makers tested, else with the newest that fit.
install_tool() {
  crate=$1 version=$2 program=$3 usual=$4
  shift 4
  # Where cargo always puts them; but another version may be there for other projects, and stays.
  place=${CARGO_HOME:-$HOME/.cargo}
  if command -v "$program" >/dev/null; then
    place=$PWD/.tools
  fi

  if ready_made; then
    return
  fi
  announce "building $crate $version" "$usual on two cores, this once"
  if ! build --locked "$@"; then
    say "$crate $version can't be built with the exact dependencies that its makers locked (the reason is above);" \
      "now with the newest that fit"
    build "$@" || stop "$crate $version could not be built; the reason is above"
  fi
  has "$program" "$version" || stop "$crate $version was built, but $program on the PATH is not it"
  finish
}

ready_made() {
  command -v cargo-binstall >/dev/null || return 1
  begin "$crate $version, ready-made" "20 s; given up after 120"
  if timeout 120 cargo binstall --no-confirm --disable-strategies compile --root "$place" "$crate@$version" \
    </dev/null && has "$program" "$version"; then
    finish
    return
  fi
  hush
  say "no ready-made $crate can be had"
  return 1
}

# build OPTION_OF_CARGO_INSTALL...; what fails by the network is tried three times.
build() {
  log=target/tools.log
  mkdir -p target
  for pause in 5 20 end; do
    if install_once "$@"; then
      return 0
    fi
    if ! failed_by_network "$log"; then
      return 1
    fi
    [ "$pause" != end ] || stop "the network failed three times; run again when it is there"
    rest "$pause" "the network failed"
  done
}

# In sh the status of a pipe is that of its end, so cargo's own goes by a file. Outside the project, whose cargo settings
# aren't meant for tools. Both tools are built in one folder; what is built there survives an interruption.
install_once() {
  rm -f target/tools.built
  {
    (
      cd /
      export CARGO_TARGET_DIR="$project/target/tools"
      node "$project/scripts/progress.mjs" "building $crate" \
        cargo install "$@" --root "$place" --version "$version" "$crate"
    ) && : >target/tools.built
  } 2>&1 | tee "$log"
  [ -e target/tools.built ]
}

# Cargo's own words for it, and those of the libraries it uses; what rustc says of a crate's code may hold the same words.
network_words="network|timed? ?out|connection (reset|refused|closed)|could(n.t| not) (connect|resolve)|failed to download"
network_words="$network_words|download of .* failed|SSL|TLS|HTTP2|(got|code|status):? (429|5[0-9][0-9])"
failed_by_network() {
  ! grep -qE '^error: could not compile|failed to (select a version|run custom build command)' "$1" && sed -n '/^error/,$p' "$1" | grep -qiE "$network_words"
}
