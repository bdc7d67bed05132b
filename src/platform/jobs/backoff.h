#pragma once

#include <cstdint>

#include "platform/base/entropy.h"
#include "platform/base/time.h"

namespace tuition::jobs {

// How long to wait after the `attempt`th failure: any time up to `first` doubled with each attempt, at most `max` (full
// jitter: what failed together does not come back together). Never less than a millisecond.
Duration backoff(Duration first, Duration max, std::int64_t attempt, Entropy& entropy);

}  // namespace tuition::jobs
