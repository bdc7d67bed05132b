#pragma once

#include <algorithm>
#include <cstdint>

#include "platform/base/time.h"

namespace tuition::outbound {

// How long to wait before try number `attempt` + 1, after `attempt` tries (at least 1): anything between nothing and
// first * 2^(attempt - 1), at most `max`. Full jitter, so that many who failed together do not come back together.
constexpr Duration backoff(int attempt, Duration first, Duration max, std::uint64_t random) {
  std::int64_t ceiling = std::min(first.ms, max.ms);
  for (int i = 1; i < attempt && ceiling < max.ms; ++i) ceiling = std::min(ceiling * 2, max.ms);
  return Duration{
      static_cast<std::int64_t>(random % (static_cast<std::uint64_t>(std::max<std::int64_t>(ceiling, 0)) + 1))};
}

}  // namespace tuition::outbound
