#!/bin/sh
# npm-packages.sh FOLDER: the packages of its package-lock.json, fetched only when that changed. Several builds may ask at once.
set -eu
cd "$1"

major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
if [ "${major:-0}" -lt 18 ]; then
  echo "$1 needs Node 18 or later (found: ${major:-none}); packaging/install-deps.sh installs it." >&2
  exit 1
fi

mkdir -p node_modules
exec 9>node_modules/.tuition-lock
flock 9
wanted=$(cat package.json package-lock.json | sha256sum)
[ "$wanted" = "$(cat node_modules/.tuition-packages 2>/dev/null)" ] && exit 0
# npm ci empties the folder; the lock file's descriptor stays open.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
echo "$wanted" > node_modules/.tuition-packages
