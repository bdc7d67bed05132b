#pragma once

#include "sandbox/stripe/account.h"

namespace tuition::sandbox::stripe {

// A page of the objects of a kind, newest first. `filters` are members that a request may ask to equal a value.
Result<Json> list(Account& account, std::string_view kind, const std::string& url, const Json& given,
                  const std::vector<const char*>& filters);
Result<Json> list_invoice_payments(Account& account, const Json& given);
Result<Json> list_events(Account& account, const Json& given);

// Puts objects in the place of their ids, as the paths of `expand` say: "subscription", "latest_invoice.payments",
// "data.customer". Error for a path that leads nowhere.
Result<void> expand(Account& account, Json& answer, const Json& paths);

}  // namespace tuition::sandbox::stripe
