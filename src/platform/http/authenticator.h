#pragma once

#include <string>

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
  // Asked only where the address of a request to come in has used up its limit: under what name the request may still
  // be counted, because it shows, together with what it asks, that it was let in there before. Empty for all others.
  // Strangers choose how often this runs: it costs next to nothing and asks no database.
  virtual std::string known_there(const Request&) { return {}; }
};

}  // namespace tuition::http
