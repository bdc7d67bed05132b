# 3.6.6 refuses servers that speak TLS 1.2 only with an RSA certificate; older ones have open holes.
package=mbedtls
suites='sid forky trixie-security trixie'
wanted='3.6.7 or later 3.6'

acceptable() { at_least "$1" 3.6.7 && below "$1" 3.7; }

# Threading is off by default, and PSA's state is global.
build() {
  sed -i -E 's,^//(#define MBEDTLS_THREADING_(C|PTHREAD))$,\1,' include/mbedtls/mbedtls_config.h
  cmake_install -DENABLE_TESTING=OFF -DENABLE_PROGRAMS=OFF -DMBEDTLS_FATAL_WARNINGS=OFF
}

check() { grep -q '^#define MBEDTLS_THREADING_PTHREAD' "$out/include/mbedtls/mbedtls_config.h"; }
