#pragma once

#include <string>
#include <string_view>

#include "platform/base/entropy.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "platform/crypto/hmac_key.h"

namespace tuition::crypto {

// 256 random bits as URL-safe text. Kept by us only as digest(token).
std::string random_token(Entropy& entropy);
std::string digest(std::string_view token);  // SHA-256 in hex

// Access tokens: JSON Web Tokens of exactly one form (RFC 7519, 7515): header {"alg":"HS256","kid":...,"typ":"at+jwt"},
// claims iss, aud, sub, sid, role, own, iat, exp in seconds. Anything else is refused, in the same time wherever it
// differs.
struct Claims {
  std::string subject{};  // user id
  std::string session{};
  std::string role{};
  bool owner = false;
  Instant issued{};
  Instant expires{};
};

class TokenSigner {
 public:
  // The key is 32 bytes; issuer is also the audience.
  TokenSigner(const Secret& key, std::string issuer);
  std::string sign(const Claims& claims) const;
  // Kind unauthenticated with code UNAUTHENTICATED, or TOKEN_EXPIRED when only the time is over.
  Result<Claims> verify(std::string_view token, Instant now) const;
  // The same, but good also when its time is over: to end what it opened, never to let anybody in.
  Result<Claims> read(std::string_view token, Instant now) const;

 private:
  HmacKey key_;
  std::string issuer_;
  std::string header_;  // encoded, the only one accepted
};

}  // namespace tuition::crypto
