# crypt_blowfish by Solar Designer, in the public domain, as bcrypt-ruby carries it: the one file, without Ruby.
package=ruby-bcrypt
suites='trixie bookworm sid'
tarball=bcrypt-ruby
tar_only=yes
wanted='3.1.12 or later, below 4'

acceptable() { at_least "$1" 3.1.12 && below "$1" 4; }

build() {
  mkdir -p "$out/lib" "$out/include"
  # In C throughout: the assembler it could use is for 32-bit x86.
  gcc -c $release_flags -D__SKIP_GNU ext/mri/crypt_blowfish.c -o crypt_blowfish.o
  ar rcs "$out/lib/libbcrypt.a" crypt_blowfish.o
  cp ext/mri/crypt_blowfish.h "$out/include/"
}

check() { grep -q 'public domain' "$source_dir/ext/mri/crypt_blowfish.c"; }
