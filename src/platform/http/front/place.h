#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <string>

#include "platform/http/route.h"
#include "platform/metrics/metrics.h"

namespace tuition::http {

// One route, or one of the few answers that have no route, with its numbers.
struct Place {
  Route route;
  std::string label;
  std::atomic<bool> blocks{false};

  metrics::Counter& counter(metrics::Registry& registry, int status, std::string_view method) {
    // Statuses per route are few; each is looked up once.
    for (auto& each : counters) {
      const int known = each.status.load(std::memory_order_acquire);
      if (known == status) return *each.counter;
      if (known == 0) break;
    }
    auto& made =
        registry.counter("tuition_http_requests_total", "Requests answered.",
                         {{"method", std::string(method)}, {"route", label}, {"status", std::to_string(status)}});
    std::lock_guard lock(mutex);
    for (auto& each : counters) {
      if (each.status.load(std::memory_order_relaxed) == status) break;
      if (each.status.load(std::memory_order_relaxed) != 0) continue;
      each.counter = &made;
      each.status.store(status, std::memory_order_release);
      break;
    }
    return made;
  }

  struct Counted {
    std::atomic<int> status{0};
    metrics::Counter* counter = nullptr;
  };
  std::array<Counted, 24> counters{};
  std::mutex mutex{};
  metrics::Histogram* duration = nullptr;
};

// The reason phrase of a status line.
const char* reason_of(int status);

}  // namespace tuition::http
