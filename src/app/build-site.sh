#!/bin/sh
# build-site.sh FOLDER: the web app's bundle in FOLDER/dist and the API's types beside its sources, only when what they are made
# from changed. Several build trees share the folder, so the state is kept in it, under a lock.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../packaging/npm-packages.sh" "$1"
cd "$1"

exec 9>node_modules/.tuition-build-lock
flock 9
types=./src/lib/api/schema.d.ts
sources=$(find . ../schema/openapi.json -type f -not -path './node_modules/*' -not -path './dist/*' -not -path $types 2>/dev/null |
  LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum)
if [ "$sources" != "$(cat node_modules/.tuition-built 2>/dev/null)" ] || [ ! -d dist ] || [ ! -f $types ]; then
  rm -f node_modules/.tuition-built
  npm run --silent build
  echo "$sources" > node_modules/.tuition-built
fi
