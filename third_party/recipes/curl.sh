# HTTP, HTTPS, SMTP and SMTPS over mbedTLS, nothing else. Debian's own libcurl.a cannot be linked statically.
package=curl
suites='trixie-security trixie sid'
needs=mbedtls
wanted='8.14 or later, below 9'

acceptable() { at_least "$1" 8.14 && below "$1" 9; }

# _CURL_PREFILL: what CMake would find out by a hundred small programs is known of Linux (measured: 16 s less, the same library).
build() {
  local off=() protocol
  for protocol in DICT FILE FTP GOPHER IMAP IPFS LDAP LDAPS MQTT POP3 RTSP SMB TELNET TFTP WEBSOCKETS \
      ALTSVC HSTS NTLM NEGOTIATE_AUTH KERBEROS_AUTH AWS DOH NETRC LIBCURL_OPTION COOKIES; do
    off+=("-DCURL_DISABLE_$protocol=ON")
  done
  cmake_install "${off[@]}" -DBUILD_CURL_EXE=OFF -DBUILD_STATIC_LIBS=ON -DBUILD_TESTING=OFF -DBUILD_EXAMPLES=OFF \
    -DBUILD_LIBCURL_DOCS=OFF -DBUILD_MISC_DOCS=OFF -DENABLE_CURL_MANUAL=OFF \
    -DCURL_ENABLE_SSL=ON -DCURL_USE_MBEDTLS=ON -DCURL_USE_OPENSSL=OFF -DCMAKE_PREFIX_PATH="$(prefix_of mbedtls)" \
    -DCURL_USE_LIBPSL=OFF -DUSE_LIBIDN2=OFF -DUSE_NGHTTP2=OFF -DCURL_ZLIB=OFF -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF \
    -DCURL_USE_LIBSSH2=OFF -DCURL_USE_LIBSSH=OFF -DCURL_USE_GSSAPI=OFF -DENABLE_THREADED_RESOLVER=ON \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DPICKY_COMPILER=OFF -D_CURL_PREFILL=ON
}
