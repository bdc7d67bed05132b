#!/bin/bash
# The table of speeds: build/tuition with 10,000 users and 200 lessons on loopback, nginx's `return 200` beside it.
#   BENCH_SECONDS=5   per row, BENCH_TURNS=3 of it beside nginx
#   BENCH_USERS=10000 BENCH_LESSONS=200
#   BENCH_WEBHOOK_SECONDS=60
#   BENCH_LARGE=1     rows of a school of 1,000,000 users and 20,000,000 rows of progress as well (BENCH_LARGE_USERS); BENCH_LARGE=only
#                     those alone
#   BENCH_OUT=FILE    the table as Markdown as well
# Not a test: it says what this machine reached, and never fails on a number.
set -euo pipefail
cd "$(dirname "$0")/../.."
export TUITION_BIN=${TUITION_BIN:-$PWD/build/tuition}
for tool in wrk nginx node; do
  command -v $tool >/dev/null || { echo "$tool is missing: packaging/install-deps.sh build bench installs it" >&2; exit 1; }
done
# 9,000 connections on both sides, and room.
ulimit -n "$(ulimit -Hn)"
[ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge 9500 ] ||
  echo "note: at most $(ulimit -n) open files here; the rows with 9,000 connections are left out" >&2
# The storage by itself: what of the rows about writing is the disk's and SQLite's.
if [ -x build/tests/tuition_storage_bench ] && [ "${BENCH_LARGE:-}" != only ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  build/tests/tuition_storage_bench "$folder" "${BENCH_SECONDS:-5}"
fi
node tests/bench/bench.mjs
