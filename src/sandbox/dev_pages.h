#pragma once

#include <vector>

#include "platform/http/route.h"
#include "sandbox/sandbox.h"

namespace tuition::sandbox {

// Everything here outlives the routes. Without a seed there is no school beside the sandbox: "/" leads to these pages,
// and POST /dev/webhooks says where notices go.
http::Routes dev_pages(Sandbox& sandbox, const std::vector<DemoAccount>& accounts, const Clock& clock, Seed seed);

}  // namespace tuition::sandbox
