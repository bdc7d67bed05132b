#!/bin/sh
# install-deps.sh [build] [test] [bench]: the Debian packages that building (the default), testing and benchmarking need.
# Installs what is missing as root or through sudo, and says so first; does nothing when all is there.
set -eu

build='g++ make cmake ninja-build ccache git ca-certificates tzdata dpkg-dev xz-utils patch util-linux
  libsodium-dev nlohmann-json3-dev libcli11-dev zlib1g-dev libutf8proc-dev libkainjow-mustache-dev libqrcodegencpp-dev
  libminizip-dev'
test='curl jq openssl sqlite3 procps chromium fonts-dejavu-core clang-format'
bench='wrk nginx-light'

wanted=
[ $# -gt 0 ] || set -- build
for set in "$@"; do
  case $set in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    bench) wanted="$wanted $bench" ;;
    *) echo "install-deps.sh: unknown set $set (known: build test bench)" >&2; exit 2 ;;
  esac
done

# Any Node from 18 on will do; Debian's otherwise.
major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
if [ "${major:-0}" -lt 18 ]; then wanted="$wanted nodejs npm"; elif ! command -v npm >/dev/null; then wanted="$wanted npm"; fi

if ! command -v dpkg-query >/dev/null; then
  echo "install-deps.sh: this is no Debian; see third_party/README.md. Needed, by their Debian names:" $wanted >&2
  exit 0
fi

missing=
for package in $wanted; do
  case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
    *'ok installed') ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "install-deps.sh: as root, please run: apt-get install$missing" >&2; exit 1; }
  as_root=sudo
fi
echo "Installing with ${as_root:+sudo }apt-get:$missing"
install() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 -qq $missing
}
# The package lists may be missing or too old to fetch from.
if ! install >/dev/null 2>&1; then
  $as_root apt-get update -qq
  install
fi
