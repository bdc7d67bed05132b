#pragma once

#include "platform/http/route.h"

// The parts of the domain's route table, joined in routes.cc.
namespace tuition::learning {

struct Learning;

http::Routes certificate_routes(Learning& door);
http::Routes roster_routes(Learning& door);
http::Routes honour_routes(Learning& door);
http::Routes practice_routes(Learning& door);

}  // namespace tuition::learning
