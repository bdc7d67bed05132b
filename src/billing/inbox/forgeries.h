#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "platform/base/time.h"
#include "platform/metrics/metrics.h"

namespace tuition::billing {

// Messages that claim to come from a gateway and bear no valid signature. Anybody can send them as fast as they like,
// so what they make us write is bounded: all are counted, and of those of one address (of IPv6 one network of 64 bits)
// the first in a minute is written down, of all together the first `lines_most`. Good messages never come here. Safe
// from any thread.
class Forgeries {
 public:
  static constexpr std::size_t lines_most = 60;

  explicit Forgeries(metrics::Registry& registry);
  // Counts one; true when it is to be written down.
  bool seen(std::string_view address, Instant now);

 private:
  metrics::Counter& counter_;
  std::mutex mutex_;
  std::int64_t minute_ = -1;
  std::set<std::string> written_;  // in this minute
};

}  // namespace tuition::billing
