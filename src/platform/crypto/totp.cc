#include "platform/crypto/totp.h"

#include <array>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::crypto {

std::int64_t totp_step(Instant at) { return at.ms / 30'000; }

std::string totp_code(const Secret& key, std::int64_t step, int digits) {
  std::string counter;
  for (int shift = 56; shift >= 0; shift -= 8) counter += static_cast<char>(static_cast<std::uint8_t>(step >> shift));
  const std::string mac = hmac_sha1(key.reveal(), counter);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<std::uint8_t>(mac[i])); };
  const std::size_t at = byte(19) & 0x0f;
  std::uint32_t number = (byte(at) & 0x7f) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
  std::string code(static_cast<std::size_t>(digits), '0');
  for (auto place = code.rbegin(); place != code.rend(); ++place) {
    *place = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return code;
}

std::optional<std::int64_t> match_totp(const Secret& key, std::string_view code, Instant now, std::int64_t used_last) {
  const std::int64_t present = totp_step(now);
  std::optional<std::int64_t> matched;
  for (const std::int64_t step : {present - 1, present})
    if (equal_in_constant_time(totp_code(key, step), code) && step > used_last) matched = step;
  return matched;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char each : bytes) {
    buffer = (buffer << 8) | static_cast<std::uint8_t>(each);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet[(buffer >> bits) & 31];
    }
    buffer &= (1U << bits) - 1;
  }
  if (bits > 0) out += alphabet[(buffer << (5 - bits)) & 31];
  return out;
}

std::string totp_uri(std::string_view issuer, std::string_view account, const Secret& key) {
  return "otpauth://totp/" + percent_encode(issuer) + ":" + percent_encode(account) +
         "?secret=" + to_base32(key.reveal()) + "&issuer=" + percent_encode(issuer);
}

}  // namespace tuition::crypto
