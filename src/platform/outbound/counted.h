#pragma once

#include <string>

#include "platform/metrics/metrics.h"

namespace tuition::outbound {

// Calls to one provider that ended one way: a class of statuses ("2xx"), "failed" without an answer, "circuit_open"
// when none was made.
inline metrics::Counter& calls(metrics::Registry& registry, const std::string& provider, const std::string& result) {
  return registry.counter("tuition_outbound_requests_total", "Calls to other servers by outcome.",
                          {{"provider", provider}, {"result", result}});
}

// From now on the usual ends are there as zeros: a rate is known from the first call on.
inline void begin_counting(metrics::Registry& registry, const std::string& provider) {
  for (const auto* result : {"2xx", "4xx", "5xx", "failed", "circuit_open"}) calls(registry, provider, result);
}

}  // namespace tuition::outbound
