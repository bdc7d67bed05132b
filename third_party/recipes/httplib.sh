# Header only. The HTTP engine feeds a protected function of this release, so another minor is not accepted unseen.
package=cpp-httplib
suites='trixie-security trixie'
wanted='0.18.7 or later 0.18'

acceptable() { at_least "$1" 0.18.7 && below "$1" 0.19; }

build() {
  mkdir -p "$out/include"
  cp httplib.h "$out/include/"
}
