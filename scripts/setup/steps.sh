# Sourced by the steps of the set-up: how a step speaks, tries again, and gets the rights and packages that it needs.
# shellcheck shell=sh

say() {
  echo "setup: $*"
}

# announce "what is being done" "how long that usually takes"; end with finish.
announce() {
  step=$1
  step_started=$(date +%s)
  say "$1 (usually $2)"
}

# As announce, for commands that are silent: every so often a line says that it still goes on.
begin() {
  announce "$@"
  beat &
  beater=$!
  trap hush EXIT
}

finish() {
  hush
  say "$step: done in $(($(date +%s) - step_started)) s"
}

# The sleep, which outlives the loop, must not hold what this script prints to. An interrupt ends the script without
# its trap, so the loop looks whether it is still there.
beat() {
  while sleep "${PROGRESS_EVERY:-20}" >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    say "... $step: $(($(date +%s) - step_started)) s"
  done
}

hush() {
  if [ -n "${beater:-}" ]; then
    kill "$beater" 2>/dev/null || true
    beater=
  fi
}

# stop "what is wrong and what to do"
stop() {
  echo "setup: $*" >&2
  exit 1
}

# persistently COMMAND...; what needs the network is tried three times, with a pause that grows.
persistently() {
  for pause in 5 20 end; do
    tried=0
    "$@" || tried=$?
    if [ "$tried" = 0 ] || [ "$pause" = end ]; then
      return "$tried"
    fi
    rest "$pause" "that failed"
  done
}

# rest SECONDS "why"; before the next try.
rest() {
  say "$2; tried again in ${SETUP_PAUSE:-$1} s"
  sleep "${SETUP_PAUSE:-$1}"
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
  persistently as_root apt-get -qq update || say "apt's lists could not be brought up to date"
  if ! persistently as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
    install --no-install-recommends --no-upgrade --no-remove "$@" </dev/null; then
    stop "apt-get could not install them (it needs root or sudo). Run by hand, then again: apt-get install $*"
  fi
}
