#!/bin/sh
# Set-up: what comes from npm, and the copies of it that the browser is served from public/vendor.
set -eu
. scripts/setup/steps.sh

# Each folder remembers the lock that it was installed from.
for folder in app/js end2end; do
  installed=$folder/node_modules/.installed-package-lock.json
  if ! cmp -s "$folder/package-lock.json" "$installed"; then
    begin "npm packages of $folder" "10 s"
    persistently npm ci --prefix "$folder" --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
    cp "$folder/package-lock.json" "$installed"
    finish
  fi
done

# serve FILE_OF_A_PACKAGE NAME; a copy that is right is left alone, so that nothing is built anew for it. The source map
# that socket.io's last line names is not served.
serve() {
  case $2 in
    *.js) sed '/^\/\/# sourceMappingURL=/d' "app/js/node_modules/$1" ;;
    *) cat "app/js/node_modules/$1" ;;
  esac > "$copies/$2"
  cmp -s "$copies/$2" "public/vendor/$2" || cp "$copies/$2" "public/vendor/$2"
}

copies=$(mktemp -d)
trap 'rm -rf "$copies"' EXIT
mkdir -p public/vendor
serve socket.io-client/dist/socket.io.esm.min.js socket.io.js
serve @fontsource-variable/inter/files/inter-latin-wght-normal.woff2 inter.woff2
serve @fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2 mono.woff2
say "npm packages are there"
