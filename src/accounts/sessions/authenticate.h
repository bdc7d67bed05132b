#pragma once

#include <string>
#include <string_view>

#include "platform/http/authenticator.h"

namespace tuition::accounts {

struct Accounts;

// The cookie names. On https they carry the prefixes that browsers enforce; the refresh cookie has a path of its own
// and so can only have __Secure-.
std::string_view access_cookie(bool https);
std::string_view refresh_cookie(bool https);

// The caller, also where the time of their cookie's token is over: whoever signs out after it must still reach their
// session. For signing out and nothing else.
Caller leaving_caller(const Accounts& accounts, const http::Request& request);

// A request's proof, turned into a Caller: `Authorization: Bearer` with an access token or an API key, else the access
// cookie. A token's signature and what is known in memory decide; the database is not asked. Other schemes in
// Authorization are somebody else's (a proxy's) and count as no proof.
class TokenAuthenticator final : public http::Authenticator {
 public:
  explicit TokenAuthenticator(Accounts& accounts) : accounts_(accounts) {}
  Result<Caller> authenticate(const http::Request& request) override;

 private:
  Accounts& accounts_;
};

}  // namespace tuition::accounts
