# Sourced by the steps of the set-up: how a step speaks, and how it gets the rights and packages that it needs.
# shellcheck shell=sh

say() {
  echo "setup: $*"
}

# begin "what is being done" "how long that usually takes"; end with finish.
begin() {
  step=$1
  step_started=$(date +%s)
  say "$1 (usually $2)"
}

finish() {
  say "$step: done in $(($(date +%s) - step_started)) s"
}

# stop "what is wrong and what to do"
stop() {
  echo "setup: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

# apt_install PACKAGE...; those that are there keep their version, and nothing is removed to make room.
apt_install() {
  if ! command -v apt-get >/dev/null; then
    stop "no apt-get here. Install by hand what these Debian packages hold, and run again: $*"
  fi
  as_root apt-get -qq update || say "apt's lists could not be brought up to date"
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
    install --no-install-recommends --no-upgrade --no-remove "$@" </dev/null; then
    stop "apt-get could not install them (it needs root or sudo). Run by hand, then again: apt-get install $*"
  fi
}
