#include "platform/jobs/backoff.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace tuition::jobs {

Duration backoff(Duration first, Duration max, std::int64_t attempt, Entropy& entropy) {
  std::int64_t most = std::max<std::int64_t>(first.ms, 1);
  for (std::int64_t i = 1; i < attempt && most < max.ms; ++i) most *= 2;
  most = std::max<std::int64_t>(std::min(most, max.ms), 1);

  std::array<std::uint8_t, 8> bytes{};
  entropy.fill(bytes);
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  return milliseconds(1 + static_cast<std::int64_t>(number % static_cast<std::uint64_t>(most)));
}

}  // namespace tuition::jobs
