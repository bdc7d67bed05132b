#include "billing/stripe/signature.h"

#include <cstdlib>

#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::billing::stripe {
namespace {

constexpr std::int64_t tolerance_s = 300;

std::string expected(std::string_view time, std::string_view body, const Secret& secret) {
  std::string message(time);
  message += '.';
  message += body;
  return to_hex(bytes_of(crypto::hmac_sha256(trim(secret.reveal()), message)));
}

}  // namespace

Result<void> check_signature(std::string_view header, std::string_view raw_body, const std::vector<Secret>& secrets,
                             Instant now) {
  const auto refuse = [](std::string detail) {
    return Error{Kind::rejected, "INVALID_SIGNATURE", "The signature of this message is not valid.", std::move(detail)};
  };
  std::string_view time;
  std::vector<std::string_view> given;
  for (auto part : split(header, ',')) {
    part = trim(part);
    if (part.starts_with("t=")) {
      if (!time.empty()) return refuse("two timestamps");
      time = part.substr(2);
    } else if (part.starts_with("v1=")) {
      given.push_back(part.substr(3));
    }
  }
  const auto at = parse_integer(time);
  if (!at || given.empty()) return refuse("no timestamp or no v1 signature");
  bool matched = false;
  for (const auto& secret : secrets) {
    if (trim(secret.reveal()).empty()) continue;
    const auto right = expected(time, raw_body, secret);
    for (auto one : given) matched |= crypto::equal_in_constant_time(one, right);
  }
  if (!matched) return refuse("no signature matches");
  const std::int64_t age = now.ms / 1000 - *at;
  if (age > tolerance_s || age < -tolerance_s) return refuse("signed " + std::to_string(age) + " s ago");
  return {};
}

std::string sign(std::string_view raw_body, const Secret& secret, Instant at) {
  const auto time = std::to_string(at.ms / 1000);
  return "t=" + time + ",v1=" + expected(time, raw_body, secret);
}

}  // namespace tuition::billing::stripe
