#!/bin/sh
# Every C++ file is as clang-format writes it. The versions of clang-format differ; the one of Debian 12 decides.
set -eu
cd "$(dirname "$0")/../.."
format=$(command -v clang-format-14 || command -v clang-format) || { echo "clang-format is not installed" >&2; exit 1; }
case $("$format" --version) in
  *' 14.'*) ;;
  *) echo "skipped: clang-format 14 decides, this is $("$format" --version)"; exit 0 ;;
esac
git ls-files -co --exclude-standard 'src/*.cc' 'src/*.h' 'tests/*.cc' 'tests/*.h' |
  while read -r file; do [ -f "$file" ] && echo "$file"; done |
  xargs -d '\n' "$format" --dry-run -Werror
