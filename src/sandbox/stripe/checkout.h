#pragma once

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// Checkout Sessions, and what the buyer does on their page.

Result<Json> create_session(Account& account, const Json& given);
Result<Json> expire_session(Account& account, const std::string& id);
Result<Json> session_line_items(Account& account, const std::string& id);
Result<Json> create_portal_session(Account& account, const Json& given);

// The card is charged and the session completes; emits the whole series. Only while it is open.
void pay(Account& account, Json& session);
// The card is refused; the session stays open.
void decline(Account& account, Json& session);
std::string success_url_of(const Json& session);

}  // namespace tuition::sandbox::stripe
