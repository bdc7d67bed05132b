#include "platform/crypto/document_signer.h"

#include <catch2/catch_test_macros.hpp>

#include "platform/base/text.h"

namespace tuition::crypto {

TEST_CASE("signatures are those of RFC 8032") {
  // Section 7.1, tests 1 and 2: secret key, public key, message, signature.
  const char* vectors[][4] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                               "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e397"
                               "01cf9b46bd25bf5f0595bbe24655141"
                               "438e7a100b"},
                              {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                               "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f361"
                               "3d0f11d8c387b2eaeb4302aeeb00d29"
                               "1612bb0c00"}};
  for (const auto& [secret, key, message, signature] : vectors) {
    const DocumentSigner signer{Secret(*from_hex(secret))};
    CHECK(to_hex(bytes_of(signer.public_key())) == key);
    CHECK(to_hex(bytes_of(signer.sign(*from_hex(message)))) == signature);
    CHECK(is_signed(*from_hex(message), *from_hex(signature), *from_hex(key)));
  }
}

TEST_CASE("a changed byte anywhere is no signature") {
  const DocumentSigner signer{Secret(std::string(32, 'k'))};
  const DocumentSigner other{Secret(std::string(32, 'l'))};
  const std::string message = "serial: A\nname: B\n";
  const auto signature = signer.sign(message);
  CHECK(is_signed(message, signature, signer.public_key()));
  CHECK_FALSE(is_signed(message, signature, other.public_key()));
  CHECK_FALSE(is_signed(message, signature.substr(1), signer.public_key()));
  CHECK_FALSE(is_signed(message, signature, ""));
  for (std::size_t i = 0; i < message.size(); ++i) {
    auto changed = message;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(is_signed(changed, signature, signer.public_key()));
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(is_signed(message, changed, signer.public_key()));
  }
  CHECK(signer.key_id().size() == 16);
  CHECK(signer.key_id() != other.key_id());
}

}  // namespace tuition::crypto
