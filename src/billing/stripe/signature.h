#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"

namespace tuition::billing::stripe {

// Checks `Stripe-Signature: t=<unix>,v1=<hex>[,v1=...]` over the raw body: HMAC-SHA256 of "t.body" under any of the
// secrets, any v1 may match, other schemes are ignored, at most 300 s old or ahead
// (docs.stripe.com/webhooks/signature). Compares in constant time. Kind rejected, code INVALID_SIGNATURE.
Result<void> check_signature(std::string_view header, std::string_view raw_body, const std::vector<Secret>& secrets,
                             Instant now);

// The header for a body, as Stripe would send it.
std::string sign(std::string_view raw_body, const Secret& secret, Instant at);

}  // namespace tuition::billing::stripe
