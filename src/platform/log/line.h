#pragma once

#include <span>
#include <string>
#include <string_view>

#include "platform/log/log.h"

namespace tuition::log {

// One whole line with its line feed; text values are redacted. `request` is empty outside a request.
std::string render(Form form, Instant at, Level level, std::string_view event, std::string_view request,
                   std::span<const Field> fields);

}  // namespace tuition::log
