#pragma once

// Somebody who signs in with an authenticator, and that authenticator.

#include <string>
#include <vector>

#include "accounts/factors/mfa.h"
#include "platform/base/check.h"
#include "platform/crypto/totp.h"
#include "school.h"

namespace tuition::tests {

// What to_base32 wrote, as bytes.
inline std::string from_base32(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string bytes;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const auto at = alphabet.find(c);
    check(at != std::string_view::npos, "base32 has these letters only");
    buffer = buffer << 5 | static_cast<std::uint32_t>(at);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 0xff);
  }
  return bytes;
}

struct Authenticator {
  Authenticator(School& of, const std::string& email, Role role = Role::user) : school(of), user(of.add(email, role)) {
    const auto caller = School::as(user, role);
    const auto made = accounts::set_up_mfa(of.accounts, caller, {Secret(School::good_password)});
    key = Secret(from_base32(made.value().secret));
    const auto codes = accounts::enable_mfa(of.accounts, caller, {code()});
    recovery = codes.value().recovery_codes;
    // The code that turned it on is spent.
    of.clock.pass(seconds(30));
  }

  // What it shows now, or so many steps later.
  std::string code(std::int64_t later = 0) const {
    return crypto::totp_code(key, crypto::totp_step(school.clock.now()) + later);
  }

  School& school;
  UserId user;
  Secret key{};
  std::vector<std::string> recovery{};
};

}  // namespace tuition::tests
