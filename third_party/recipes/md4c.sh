# The parser alone; the renderer is ours (src/catalogue/markdown.cc).
package=md4c
suites='trixie bookworm sid'
tar_only=yes
wanted='0.4.8 or later, below 1'

acceptable() { at_least "$1" 0.4.8 && below "$1" 1; }

build() {
  mkdir -p "$out/lib" "$out/include"
  gcc -c $release_flags -DMD4C_USE_UTF8 src/md4c.c -o md4c.o
  ar rcs "$out/lib/libmd4c.a" md4c.o
  cp src/md4c.h "$out/include/"
}
