#pragma once

#include "learning/honours/statistics.h"
#include "platform/base/time.h"
#include "platform/base/zones.h"

// What day it is where somebody lives.
namespace tuition::learning {

LocalDay local_day(const Zone& zone, Instant now);

}  // namespace tuition::learning
