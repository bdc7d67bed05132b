# Every SQLite up to 3.51.2 can lose committed pages when two connections write and checkpoint at once (the
# WAL-reset bug); nothing unfixed is accepted, whatever the suite.
package=sqlite3
suites='sid forky trixie-backports trixie'
tarball=sqlite
wanted='3.51.3 or later, or 3.50.7 of 3.50, or 3.44.6 of 3.44'

acceptable() {
  at_least "$1" 3.51.3 ||
    { at_least "$1" 3.50.7 && below "$1" 3.51; } ||
    { at_least "$1" 3.44.6 && below "$1" 3.45; }
}

build() {
  ./configure --disable-tcl
  make sqlite3.c
  gcc -c $release_flags -DSQLITE_THREADSAFE=2 -DSQLITE_DQS=0 -DSQLITE_DEFAULT_MEMSTATUS=0 \
    -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DEPRECATED -DSQLITE_ENABLE_FTS5 \
    -DHAVE_FDATASYNC=1 -DHAVE_USLEEP=1 -DHAVE_LOCALTIME_R=1 sqlite3.c -o sqlite3.o
  mkdir -p "$out/lib" "$out/include"
  ar rcs "$out/lib/libsqlite3.a" sqlite3.o
  cp sqlite3.h "$out/include/"
}

# The version that counts is the one in the header, not the one in a file's name.
check() {
  acceptable "$(sed -n 's/^#define SQLITE_VERSION  *"\(.*\)"/\1/p' "$out/include/sqlite3.h")"
}
