#include "platform/crypto/hmac_key.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::crypto {
namespace {

std::string key_hex(const std::string& bytes) { return to_hex(bytes_of(bytes)); }

TEST_CASE("A kept HMAC key signs as RFC 4231 says") {
  CHECK(key_hex(HmacKey(std::string(20, '\x0b')).sign("Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(key_hex(HmacKey("Jefe").sign("what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(key_hex(HmacKey(std::string(131, '\xaa')).sign("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("A kept HMAC key signs messages of every length as libsodium does") {
  std::string key;
  std::string message;
  for (int i = 0; i < 32; ++i) key += static_cast<char>(i * 37 + 11);
  const HmacKey kept(key);
  for (int length = 0; length < 700; ++length) {
    const auto expected = hmac_sha256(key, message);
    REQUIRE(kept.sign(message) == expected);
    REQUIRE(kept.portable(message) == expected);
    message += static_cast<char>(length * 131 + 7);
  }
}

}  // namespace
}  // namespace tuition::crypto
