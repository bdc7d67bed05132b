#!/bin/bash
# dist/: the binary as an archive, as a Debian package, and their checksums. Called by `make package`, after the build.
# The same commit gives the same bytes: times are the commit's, owners are root, names are sorted.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=build/tuition
version=$($binary version --json | sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' | head -n1)
[ -n "$version" ] || { echo "package.sh: $binary does not say its version" >&2; exit 1; }
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) architecture=$(uname -m) ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p dist
rm -f dist/tuition[-_]* dist/SHA256SUMS

archive() { # archive FOLDER NAME FILE
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$1" -cf - "$2" | gzip -9n > "$3"
}

# The archive: unpack it anywhere and run it.
name=tuition-$version-linux-$architecture
install -D -m 755 $binary "$work/$name/tuition"
install -m 644 LICENSE README.md CHANGELOG.md "$work/$name/"
mkdir -p "$work/$name/systemd" "$work/$name/proxy"
install -m 644 packaging/systemd/* "$work/$name/systemd/"
install -m 644 packaging/proxy/* "$work/$name/proxy/"
$binary config sample > "$work/$name/tuition.toml"
archive "$work" "$name" "dist/$name.tar.gz"

# The Debian package. The binary is static: no dependencies but the certificates it prefers to its own.
if command -v dpkg-deb >/dev/null; then
  top=$work/deb
  install -D -m 755 $binary "$top/usr/bin/tuition"
  install -D -m 644 packaging/systemd/tuition.service "$top/lib/systemd/system/tuition.service"
  install -D -m 644 packaging/systemd/tuition.socket "$top/lib/systemd/system/tuition.socket"
  install -D -m 644 packaging/debian/default "$top/etc/default/tuition"
  mkdir -p "$top/etc/tuition" "$top/usr/share/doc/tuition/examples" "$top/usr/share/man/man1" \
    "$top/usr/share/bash-completion/completions"
  $binary config sample > "$top/etc/tuition/tuition.toml"
  $binary completion > "$top/usr/share/bash-completion/completions/tuition"
  $binary describe man | gzip -9n > "$top/usr/share/man/man1/tuition.1.gz"
  install -m 644 packaging/proxy/* "$top/usr/share/doc/tuition/examples/"
  install -m 644 README.md "$top/usr/share/doc/tuition/"
  gzip -9n < CHANGELOG.md > "$top/usr/share/doc/tuition/changelog.gz"
  {
    echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    echo "Upstream-Name: tuition"
    echo
    echo "Files: *"
    echo "Copyright: the authors of tuition"
    echo "License: MIT"
    sed -n '/^Permission/,$p' LICENSE | sed 's/^$/./; s/^/ /'
  } > "$top/usr/share/doc/tuition/copyright"
  chmod 644 "$top/etc/tuition/tuition.toml" "$top/usr/share/bash-completion/completions/tuition" \
    "$top"/usr/share/doc/tuition/*[a-z]  "$top/usr/share/man/man1/tuition.1.gz" 2>/dev/null || true
  chmod 755 "$top/usr/share/doc/tuition/examples"
  mkdir -p "$top/DEBIAN"
  for script in postinst prerm postrm; do install -m 755 packaging/debian/$script "$top/DEBIAN/$script"; done
  printf '/etc/default/tuition\n/etc/tuition/tuition.toml\n' > "$top/DEBIAN/conffiles"
  (cd "$top" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' md5sum) > "$top/DEBIAN/md5sums"
  cat > "$top/DEBIAN/control" <<END
Package: tuition
Version: $version
Architecture: $architecture
Maintainer: The tuition developers <packages@tuition.example>
Installed-Size: $(du -k --apparent-size -s "$top" --exclude=DEBIAN | cut -f1)
Recommends: ca-certificates
Section: web
Priority: optional
Description: online school in one program
 Courses, subscriptions and one-time purchases through payment providers,
 progress and mail, served by one static binary with its own database.
END
  find "$top" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -Zxz --build "$top" "dist/tuition_${version}_$architecture.deb" >/dev/null
else
  echo "package.sh: no dpkg-deb here, so no Debian package" >&2
fi

(cd dist && sha256sum tuition[-_]*) > dist/SHA256SUMS
ls -l dist
