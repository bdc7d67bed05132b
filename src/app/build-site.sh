#!/bin/sh
# build-site.sh FOLDER: npm's packages and the web app's bundle, each only when what it is made from changed. Several
# build trees share the folder, so the state is kept in it, under a lock.
set -eu
cd "$1"

node=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
if [ "${node:-0}" -lt 18 ]; then
  echo "The web app needs Node 18 or later to build (found: ${node:-none}); packaging/install-deps.sh installs it." >&2
  exit 1
fi

exec 9>.build.lock
flock 9

packages=$(cat package.json package-lock.json | sha256sum)
if [ "$packages" != "$(cat node_modules/.tuition-packages 2>/dev/null)" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$packages" > node_modules/.tuition-packages
fi

sources=$(find . ../schema/openapi.json -type f -not -path './node_modules/*' -not -path './dist/*' -not -name .build.lock \
  2>/dev/null | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum)
if [ "$sources" != "$(cat node_modules/.tuition-built 2>/dev/null)" ] || [ ! -d dist ]; then
  rm -f node_modules/.tuition-built
  npm run --silent build
  echo "$sources" > node_modules/.tuition-built
fi
