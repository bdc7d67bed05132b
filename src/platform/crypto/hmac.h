#pragma once

#include <string>
#include <string_view>

namespace tuition::crypto {

// Raw bytes out (32 and 64). RFC 2104.
std::string hmac_sha256(std::string_view key, std::string_view message);
std::string hmac_sha512(std::string_view key, std::string_view message);
std::string hmac_sha1(std::string_view key, std::string_view message);  // for TOTP only (RFC 6238)
std::string sha256(std::string_view message);

// Takes the same time wherever they differ; different lengths are unequal at once.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace tuition::crypto
