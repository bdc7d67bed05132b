#pragma once

#include "platform/http/route.h"

namespace tuition::accounts {

struct Accounts;

// The second step of signing in, and API keys.
http::Routes security_routes(Accounts& accounts);

}  // namespace tuition::accounts
