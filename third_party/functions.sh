# Sourced by build.sh: what every recipe has in common.
# Finding a version, fetching and verifying it, and putting the result into the cache whole or not at all.

cache=${TUITION_THIRD_PARTY:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/tuition/third_party}
tarballs=${TUITION_TARBALLS:-}

say() { echo "third_party: $*" >&2; }
die() { say "$*"; exit 1; }

# Versions. `sort -V` is there where dpkg is not.
at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }
below() { ! at_least "$1" "$2"; }

# 1:3.6.6+ds-0.1~deb13u1 -> 3.6.6
upstream_version() { local v=${1#*:}; v=${v%-*}; echo "${v%%+*}"; }

# Sets what the recipe declares: package, suites, acceptable, build; optional: needs, tar_only, tarball, check.
load_recipe() {
  name=$1 needs='' tar_only=no package='' suites='' tarball=''
  check() { :; }
  source "$here/recipes/$name.sh"
  [ -n "$tarball" ] || tarball=$package
}

# What the result depends on besides the version: the recipe, the compiler and the libraries below it.
recipe_key() {
  local need
  {
    cat "$here/recipes/$name.sh"
    "${CC:-gcc}" -dumpmachine
    "${CC:-gcc}" -dumpversion
    for need in $needs; do basename "$(prefix_of "$need")"; done
  } | sha256sum | cut -c1-12
}

# The newest cached result of the loaded recipe; asks no mirror.
cached_prefix() {
  local key found
  key=$(recipe_key) || return 1
  found=$(find "$cache/$name" -mindepth 1 -maxdepth 1 -name "*-$key" 2>/dev/null | sort -V | tail -n1)
  [ -n "$found" ] && echo "$found"
}

prefix_of() { (load_recipe "$1" && cached_prefix); }

# provide NAME: builds it unless the cache has it. Runs in a subshell of its own.
provide() (
  load_recipe "$1"
  for need in $needs; do provide "$need"; done
  mkdir -p "$cache/$name"
  exec 9>"$cache/$name/.lock"
  flock 9
  if [ "$refresh" = no ] && cached_prefix >/dev/null; then exit 0; fi

  work=$(mktemp -d "$cache/$name/.work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  log=$cache/$name/build.log
  began=$SECONDS
  fetch
  prefix=$cache/$name/$version-$(recipe_key)
  if [ -d "$prefix" ]; then say "$name $version is the newest there is"; exit 0; fi
  # Built for $prefix, staged in $out: a half-built library is never seen, and no path in it is of the stage.
  out=$work/stage$prefix
  mkdir -p "$out"
  release_flags="-O2 -DNDEBUG -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections"
  release_flags+=" -ffile-prefix-map=$source_dir=$name"
  # Not `if build`: a condition would switch off set -e inside it.
  set +e
  (set -e; cd "$source_dir"; build) > "$log" 2>&1
  local status=$?
  set -e
  if [ $status -ne 0 ]; then
    tail -n 30 "$log" >&2
    die "$name $version did not build; the whole log is $log"
  fi
  check || die "$name $version from $origin built something unexpected"
  echo "$name $version from $origin" > "$out/SOURCE"
  mv -T "$out" "$prefix"
  say "$name $version from $origin, $((SECONDS - began)) s"
)

# Leaves the unpacked source in $source_dir and sets version and origin.
fetch() {
  tried=()
  if [ -n "$tarballs" ]; then
    fetch_tarball && return
  else
    command -v apt-get >/dev/null && command -v dpkg-source >/dev/null ||
      die "apt-get and dpkg-source are not here: put source tarballs into a folder and name it in TUITION_TARBALLS"
    local suite
    for suite in $suites; do fetch_debian "$suite" && return; done
  fi
  die "no acceptable source of $package: $wanted; tried ${tried[*]:-nothing}"
}

fetch_tarball() {
  local file
  for file in "$tarballs"/"$tarball"[-_]*; do
    [ -f "$file" ] || continue
    version=$(basename "$file")
    version=$(sed -E 's/^v?([0-9][0-9.]*[0-9])[^0-9].*/\1/' <<< "${version#"$tarball"[-_]}")
    if ! acceptable "$version"; then tried+=("$(basename "$file")"); continue; fi
    unpack "$file"
    origin=$(basename "$file")
    return 0
  done
  tried+=("$tarballs/$tarball-*")
  return 1
}

unpack() {
  source_dir=$work/source
  rm -rf "$source_dir" && mkdir "$source_dir"
  tar -xf "$1" -C "$source_dir" --strip-components=1
}

# An apt of our own: its sources, lists and downloads are in the cache; mirror and keyring are the machine's.
suite_apt() {
  local dir=$cache/apt/$1
  shift
  "$@" -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$dir/lists" \
    -o Dir::Cache="$dir/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "${rest[@]}"
}

mirrors_for() {
  local label=Debian
  case $1 in *-security) label=Debian-Security ;; esac
  apt-get indextargets --format '$(LABEL)|$(REPO_URI)' | awk -F'|' -v label=$label '$1 == label {print $2}' | sort -u
}

# Package lists of one suite, at most a day old (or older when the mirror is away).
update_lists() {
  local suite=$1 dir=$cache/apt/$1 mirror keyring=${TUITION_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  (
    flock 8
    [ -n "$(find "$dir/fresh" -mmin -1440 2>/dev/null)" ] && exit 0
    mirror=$(mirrors_for "$suite" | head -n1)
    if [ -z "$mirror" ]; then
      say "apt names no mirror of $suite"
      exit 1
    fi
    echo "deb-src [signed-by=$keyring] $mirror $suite main" > "$dir/sources.list"
    rest=(update)
    suite_apt "$suite" apt-get > "$dir/update.log" 2>&1 && touch "$dir/fresh" && exit 0
    # A mirror that stands still has lists past their date. They are signed all the same, and what recipes accept keeps
    # versions with known faults out.
    if grep -q 'is expired' "$dir/update.log"; then
      rest=(update -o Acquire::Check-Valid-Until=false)
      suite_apt "$suite" apt-get > "$dir/update.log" 2>&1 && touch "$dir/fresh" &&
        say "the mirror's list of $suite is past its date; taken as it is" && exit 0
    fi
    ls "$dir"/lists/*Sources* >/dev/null 2>&1
  ) 8>"$dir/lock"
}

fetch_debian() {
  local suite=$1 candidate file
  if ! update_lists "$suite"; then tried+=("$suite (no package list)"); return 1; fi
  rest=(showsrc --only-source "$package")
  local candidates
  candidates=$(suite_apt "$suite" apt-cache 2>/dev/null | sed -n 's/^Version: //p' | sort -rVu)
  [ -n "$candidates" ] || tried+=("$suite (no such package)")
  for candidate in $candidates; do
    version=$(upstream_version "$candidate")
    origin="Debian $suite ($candidate)"
    # A tilde sorts before the release it announces.
    if [[ $version == *~* ]] || ! acceptable "$version"; then tried+=("$suite $candidate (not acceptable)"); continue; fi
    mkdir -p "$work/download"
    rest=(source --download-only --only-source "$package=$candidate")
    if (cd "$work/download" && suite_apt "$suite" apt-get > "$work/fetch.log" 2>&1); then
      source_dir=$work/source
      rm -rf "$source_dir"
      # apt has checked the files against the signed index.
      if dpkg-source --no-check -x "$work/download/${package}_${candidate#*:}.dsc" "$source_dir" > "$work/fetch.log" 2>&1; then
        return 0
      fi
    fi
    if [ "$tar_only" = yes ]; then
      rm -rf "$work/download" && mkdir "$work/download"
      rest=(source --download-only --only-source --tar-only "$package=$candidate")
      if (cd "$work/download" && suite_apt "$suite" apt-get > "$work/fetch.log" 2>&1); then
        for file in "$work/download"/*.orig.tar.*; do
          case $file in *.asc) continue ;; esac
          unpack "$file" && origin+=", upstream tarball only" && return 0
        done
      fi
    fi
    tried+=("$suite $candidate (not on the mirror)")
  done
  return 1
}

# For recipes: CMake with our flags, installed into $out.
cmake_install() {
  local generator=()
  command -v ninja >/dev/null && generator=(-G Ninja)
  cmake -S . -B "$work/build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    -DCMAKE_C_FLAGS="$release_flags" -DCMAKE_CXX_FLAGS="$release_flags" -DCMAKE_C_FLAGS_RELEASE= -DCMAKE_CXX_FLAGS_RELEASE= \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF "$@"
  cmake --build "$work/build" --parallel "$(nproc)"
  DESTDIR=$work/stage cmake --install "$work/build"
}
