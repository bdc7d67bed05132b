#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "platform/metrics/metrics.h"

namespace tuition::billing {

// Counts the messages of gateways by what became of them at the door. Safe from any thread.
class Arrivals {
 public:
  enum class Outcome { accepted, duplicate, ignored, rejected };

  explicit Arrivals(metrics::Registry& registry);
  void count(std::string_view provider, Outcome outcome);

 private:
  std::map<std::pair<std::string, Outcome>, metrics::Counter*> counters_;  // never changed once made
};

}  // namespace tuition::billing
