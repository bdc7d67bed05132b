#pragma once

#include "platform/http/route.h"

namespace tuition::accounts {
struct Accounts;
}

namespace tuition::accounts::directory {

// People under /api/users and, the same for administrators, under /api/admin/users.
http::Routes routes(Accounts& accounts);

}  // namespace tuition::accounts::directory
