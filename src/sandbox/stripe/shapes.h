#pragma once

#include <string_view>

#include "platform/base/json.h"

namespace tuition::sandbox::stripe {

// Every member of an object of this kind ("customer", "checkout.session", "line_item") with its value at birth; what
// depends on the case is null, zero or empty.
const Json& blank(std::string_view kind);

}  // namespace tuition::sandbox::stripe
