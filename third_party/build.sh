#!/bin/bash
# Builds the third-party libraries into a cache and says where they are.
#
#   third_party/build.sh [--refresh] [--cmake FILE] [NAME...]
#
# Without names: all of them. README.md has the variables and what a recipe is.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/functions.sh"

refresh=no cmake_file=
while [ $# -gt 0 ]; do
  case $1 in
    --refresh) refresh=yes ;;
    --cmake) shift; cmake_file=$1 ;;
    -*) die "unknown option $1 (known: --refresh, --cmake FILE)" ;;
    *) break ;;
  esac
  shift
done

names=("$@")
[ $# -gt 0 ] || for recipe in "$here"/recipes/*.sh; do names+=("$(basename "$recipe" .sh)"); done

# Recipes that need others wait for them on their locks, so all may start at once.
failed=no pids=()
for name in "${names[@]}"; do
  [ -f "$here/recipes/$name.sh" ] || die "there is no recipe $name (there are: $(cd "$here/recipes" && echo *.sh | sed 's/\.sh//g'))"
  if [ "$refresh" = no ] && (load_recipe "$name" && cached_prefix >/dev/null); then continue; fi
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  provide "$name" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || failed=yes; done
[ "$failed" = no ] || exit 1

lines=
for name in "${names[@]}"; do
  prefix=$(load_recipe "$name" && cached_prefix) || die "$name is not in the cache after its build"
  lines+="set(THIRD_PARTY_${name} \"$prefix\")"$'\n'
done
if [ -z "$cmake_file" ]; then
  printf %s "$lines"
elif [ "$lines" != "$(cat "$cmake_file" 2>/dev/null)"$'\n' ]; then
  printf %s "$lines" > "$cmake_file"
fi
