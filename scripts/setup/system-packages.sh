#!/bin/sh
# Set-up: what comes from the system. C compiler, browser, PostgreSQL and Redis for the tests, brotli, Node.
set -eu
. scripts/setup/steps.sh

has() {
  command -v "$1" >/dev/null
}

# The server's programs, 15 or newer; the tests start their own.
has_postgres() {
  for postgres in "$(command -v postgres)" /usr/lib/postgresql/*/bin/postgres; do
    beside=$(dirname "$postgres")
    if [ -x "$postgres" ] && [ -x "$beside/initdb" ] && [ -x "$beside/pg_ctl" ]; then
      version=$("$postgres" --version) # postgres (PostgreSQL) 15.18 (...)
      version=${version##*(PostgreSQL) }
      [ "${version%%[!0-9]*}" -lt 15 ] || return 0
    fi
  done
  return 1
}

missing=
has cc || missing="$missing gcc libc6-dev"
has chromium || has chromium-browser || has google-chrome || missing="$missing chromium"
has_postgres || missing="$missing postgresql"
has brotli || missing="$missing brotli"
has redis-server || missing="$missing redis-server"

if [ -n "$missing" ]; then
  begin "system packages:$missing" "1 min"
  # shellcheck disable=SC2086 # a list of names
  apt_install $missing
  finish
else
  say "system packages are there"
fi

if ! { has node && has npm; } || [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
  stop "Node 20 or newer with npm is needed; Debian 12 carries 18. Install it by hand, and run again."
fi
