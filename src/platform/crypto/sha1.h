#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tuition::crypto {

// RFC 3174. Broken for signatures; here only because authenticator apps compute their codes with it (RFC 6238), where
// collisions do not help an attacker.
std::array<std::uint8_t, 20> sha1(std::string_view message);

}  // namespace tuition::crypto
