#pragma once

#include <string>
#include <string_view>

#include "billing/types.h"

namespace tuition::billing {

// What a gateway told, as the timeline of a payment says it: a sentence without the gateway's own names, which stand in
// the inbox. The gateway is named as people know it. Pure.
std::string told_sentence(std::string_view gateway, std::string_view event_type, EventStatus status);

}  // namespace tuition::billing
