# For the tests only.
package=catch2
suites='trixie sid'
tarball=Catch2
wanted='3.7 or later, below 4'

acceptable() { at_least "$1" 3.7 && below "$1" 4; }

build() { cmake_install -DCATCH_INSTALL_DOCS=OFF -DBUILD_TESTING=OFF; }
