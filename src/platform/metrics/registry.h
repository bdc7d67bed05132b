#pragma once

// What is behind metrics::Registry, for its two writers.

#include <map>
#include <mutex>

#include "platform/metrics/metrics.h"

namespace tuition::metrics {

enum class Sort { counter, gauge, histogram };

// Exactly one member is set, as the family's sort says.
struct Series {
  std::unique_ptr<Counter> counter;
  std::unique_ptr<Histogram> histogram;
  std::function<double()> read;
};

struct Family {
  std::string help;
  Sort sort = Sort::counter;
  std::map<Labels, std::unique_ptr<Series>> series;
};

struct Registry::Impl {
  // Held while series are looked up and while a scrape reads gauges, so a gauge's function must not ask the registry.
  mutable std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;

  Series& series(std::string_view name, std::string_view help, Sort sort, const Labels& labels);
};

}  // namespace tuition::metrics
