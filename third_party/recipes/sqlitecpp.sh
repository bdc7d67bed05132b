# Built here and not taken from libsqlitecpp-dev: its library wants column metadata and extension loading, which our
# SQLite leaves out.
package=sqlitecpp
suites='sid trixie bookworm'
tarball=SQLiteCpp
needs=sqlite
wanted='3.2 or later, below 4'

acceptable() { at_least "$1" 3.2 && below "$1" 4; }

build() {
  mkdir -p "$out/lib" objects
  for file in src/*.cpp; do
    g++ -std=c++17 -c $release_flags -Iinclude -I"$(prefix_of sqlite)/include" -DSQLITE_OMIT_LOAD_EXTENSION "$file" \
      -o "objects/$(basename "$file" .cpp).o"
  done
  ar rcs "$out/lib/libSQLiteCpp.a" objects/*.o
  cp -r include "$out/"
}
