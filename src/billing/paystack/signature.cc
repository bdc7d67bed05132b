#include "billing/paystack/signature.h"

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::billing::paystack {

Result<void> check_signature(std::string_view header, std::string_view raw_body, const std::vector<Secret>& keys) {
  bool matched = false;
  for (const auto& key : keys) {
    if (trim(key.reveal()).empty()) continue;
    matched |= crypto::equal_in_constant_time(header, sign(raw_body, key));
  }
  if (!matched)
    return Error{Kind::rejected, "INVALID_SIGNATURE", "The signature of this message is not valid.",
                 "no signature matches"};
  return {};
}

std::string sign(std::string_view raw_body, const Secret& key) {
  return to_hex(bytes_of(crypto::hmac_sha512(trim(key.reveal()), raw_body)));
}

}  // namespace tuition::billing::paystack
