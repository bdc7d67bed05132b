#include "platform/crypto/token.h"

#include <array>

#include "platform/base/check.h"
#include "platform/base/text.h"
#include "platform/crypto/hmac.h"

namespace tuition::crypto {
namespace {

constexpr std::size_t length_max = 2048;
constexpr std::size_t signature_length = 43;  // 32 bytes in base64url
constexpr Duration skew = minutes(1);         // an `iat` this far ahead is another machine's clock, not a forgery

bool is_plain(std::string_view text) {
  for (const char each : text)
    if (static_cast<unsigned char>(each) < 0x20 || each == '"' || each == '\\') return false;
  return true;
}

Error refusal(std::string detail) {
  return Error{Kind::unauthenticated, "UNAUTHENTICATED", "Please sign in.", std::move(detail)};
}

// Reads the payload exactly as sign() writes it: no other order, spacing, escape or claim.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view text) : rest_(text) {}

  bool literal(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool text(std::string& out) {
    const auto end = rest_.find('"');
    if (end == std::string_view::npos || !is_plain(rest_.substr(0, end))) return false;
    out = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return true;
  }
  bool truth(bool& out) {
    out = rest_.starts_with("true");
    return literal(out ? "true" : "false");
  }
  bool moment(Instant& out) {
    std::size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') ++digits;
    if (digits == 0 || digits > 12 || (digits > 1 && rest_[0] == '0')) return false;
    std::int64_t whole = 0;
    for (std::size_t i = 0; i < digits; ++i) whole = whole * 10 + (rest_[i] - '0');
    out = Instant{whole * 1000};
    rest_.remove_prefix(digits);
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string random_token(Entropy& entropy) {
  std::array<std::uint8_t, 32> bytes{};
  entropy.fill(bytes);
  return to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string digest(std::string_view token) { return to_hex(bytes_of(sha256(token))); }

TokenSigner::TokenSigner(const Secret& key, std::string issuer) : key_(key.reveal()), issuer_(std::move(issuer)) {
  check(key.reveal().size() == 32, "a token key has 32 bytes");
  check(is_plain(issuer_), "a token's issuer needs no escapes");
  const std::string kid = digest("key id:" + key.reveal()).substr(0, 16);
  header_ = to_base64url(R"({"alg":"HS256","kid":")" + kid + R"(","typ":"at+jwt"})");
}

std::string TokenSigner::sign(const Claims& claims) const {
  check(is_plain(claims.subject) && is_plain(claims.session) && is_plain(claims.role),
        "a token's claims need no escapes");
  check(claims.issued.ms >= 0 && claims.expires.ms >= 0, "a token's times are after 1970");
  std::string payload = R"({"iss":")" + issuer_ + R"(","aud":")" + issuer_ + R"(","sub":")" + claims.subject +
                        R"(","sid":")" + claims.session + R"(","role":")" + claims.role + R"(","own":)" +
                        (claims.owner ? "true" : "false") + R"(,"iat":)" + std::to_string(claims.issued.ms / 1000) +
                        R"(,"exp":)" + std::to_string(claims.expires.ms / 1000) + "}";
  std::string token = header_ + "." + to_base64url(payload);
  token += "." + to_base64url(key_.sign(token));
  return token;
}

Result<Claims> TokenSigner::verify(std::string_view token, Instant now) const {
  auto claims = read(token, now);
  if (claims && claims->expires <= now)
    return Error{Kind::unauthenticated, "TOKEN_EXPIRED", "Your sign-in has expired. Please sign in again."};
  return claims;
}

Result<Claims> TokenSigner::read(std::string_view token, Instant now) const {
  // The form is judged first but answered last: the signature is computed over something in any case.
  const auto last_dot = token.rfind('.');
  const bool shaped = token.size() <= length_max && last_dot != std::string_view::npos &&
                      token.size() - last_dot - 1 == signature_length && token.size() > header_.size() &&
                      token.starts_with(header_) && token[header_.size()] == '.' && last_dot > header_.size();
  const std::string_view signed_part = shaped ? token.substr(0, last_dot) : std::string_view(header_);
  const std::string_view given = shaped ? token.substr(last_dot + 1) : std::string_view(header_);
  // Compared as text, so that only the canonical encoding passes.
  const bool genuine = equal_in_constant_time(to_base64url(key_.sign(signed_part)), given);
  if (!shaped) return refusal("not a token of ours");
  if (!genuine) return refusal("token signature does not match");

  const auto payload = from_base64url(signed_part.substr(header_.size() + 1));
  if (!payload) return refusal("token payload is not base64url");
  Claims claims;
  PayloadReader reader(*payload);
  const bool read = reader.literal(R"({"iss":")") && reader.literal(issuer_) && reader.literal(R"(","aud":")") &&
                    reader.literal(issuer_) && reader.literal(R"(","sub":")") && reader.text(claims.subject) &&
                    reader.literal(R"(","sid":")") && reader.text(claims.session) && reader.literal(R"(","role":")") &&
                    reader.text(claims.role) && reader.literal(R"(","own":)") && reader.truth(claims.owner) &&
                    reader.literal(R"(,"iat":)") && reader.moment(claims.issued) && reader.literal(R"(,"exp":)") &&
                    reader.moment(claims.expires) && reader.literal("}") && reader.done();
  if (!read) return refusal("token claims are not ours");
  if (claims.issued > now + skew) return refusal("token was issued in the future");
  return claims;
}

}  // namespace tuition::crypto
