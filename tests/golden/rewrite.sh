#!/bin/bash
# The golden files: what the program says about itself, kept so that review sees it change.
#   rewrite.sh           writes them from build/tuition (`make golden`); read the diff
#   rewrite.sh --check   compares, shows the differences and fails (a test)
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${TUITION_BIN:-build/tuition}

# topic file
files='routes tests/golden/routes.txt
options tests/golden/options.md
metrics tests/golden/metrics.txt
messages tests/golden/messages.txt
jobs tests/golden/jobs.txt
tables schema/current.sql
openapi schema/openapi.json'

made=$(mktemp)
trap 'rm -f "$made"' EXIT
differs=0
while read -r topic file; do
  "$binary" describe "$topic" > "$made"
  if [ "${1:-}" != --check ]; then
    # The build looks at times: an unchanged file stays as it is.
    cmp -s "$made" "$file" || { cp "$made" "$file" && chmod 644 "$file" && echo "wrote $file"; }
  elif ! diff -u "$file" "$made" --label "$file" --label "tuition describe $topic" | head -n 60; then
    differs=1
  fi
done <<< "$files"
if [ "$differs" = 1 ]; then
  echo "Golden files differ. If the change is meant: make golden, and read the diff." >&2
  exit 1
fi
