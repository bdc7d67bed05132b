#pragma once

#include "platform/base/caller.h"
#include "platform/base/result.h"
#include "platform/http/request.h"

namespace tuition::http {

// Who is calling? Implemented by accounts, wired by app. Called for every request that carries a proof (cookie, bearer
// token, API key), from any thread; fast enough for that.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // No proof: an anonymous caller. A bad or expired proof: UNAUTHENTICATED or TOKEN_EXPIRED.
  virtual Result<Caller> authenticate(const Request& request) = 0;
};

}  // namespace tuition::http
