#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/base/secret.h"
#include "platform/base/time.h"

namespace tuition::crypto {

// Time-based one-time codes as authenticator apps compute them (RFC 6238): HMAC-SHA-1, steps of 30 s, 6 digits.

// The 30 s step that contains `at`.
std::int64_t totp_step(Instant at);
std::string totp_code(const Secret& key, std::int64_t step, int digits = 6);

// The step whose code this is: the present one or the one before, for people who type slowly. Steps up to
// `used_last` are refused, so that a code works once; keep the step that is returned.
std::optional<std::int64_t> match_totp(const Secret& key, std::string_view code, Instant now, std::int64_t used_last);

// For people to type into an app, and for the QR code.
std::string to_base32(std::string_view bytes);
std::string totp_uri(std::string_view issuer, std::string_view account, const Secret& key);

}  // namespace tuition::crypto
