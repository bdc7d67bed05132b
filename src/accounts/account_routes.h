#pragma once

#include "platform/http/route.h"

namespace tuition::accounts {

struct Accounts;

// Passwords, addresses and sessions, as their owners change them.
http::Routes account_routes(Accounts& accounts);

}  // namespace tuition::accounts
