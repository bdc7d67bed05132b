#pragma once

#include <string>

#include "platform/http/guard.h"
#include "platform/http/route.h"

namespace tuition::app {

// /docs/api and /docs/errors: pages about `routes`, in the frame that the web app's build made (static/docs.html). They
// are no routes of the API themselves and stand in none of its lists.
http::Routes docs_routes(const http::Routes& routes, const http::GuardSettings& limits, std::string site_name);

}  // namespace tuition::app
