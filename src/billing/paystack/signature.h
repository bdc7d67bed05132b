#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/secret.h"

namespace tuition::billing::paystack {

// Checks `x-paystack-signature`: lower-case hex HMAC-SHA512 of the raw body under one of the secret keys (several while
// one is rolled). Compares in constant time. There is no timestamp in it: who keeps events once is the only guard
// against replays. Kind rejected, code INVALID_SIGNATURE.
Result<void> check_signature(std::string_view header, std::string_view raw_body, const std::vector<Secret>& keys);

// The header for a body, as Paystack would send it.
std::string sign(std::string_view raw_body, const Secret& key);

}  // namespace tuition::billing::paystack
