#include "platform/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "platform/base/check.h"
#include "platform/metrics/registry.h"

namespace tuition::metrics {

void Histogram::observe_us(std::int64_t microseconds) {
  const auto* found = std::lower_bound(std::begin(bounds_us), std::end(bounds_us), microseconds);
  buckets_[found - std::begin(bounds_us)].fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(microseconds, std::memory_order_relaxed);
}

// Inside its bucket a value is taken to lie evenly; beyond the last bound nothing more is known than that.
std::int64_t Histogram::percentile_us(double p) const {
  std::uint64_t total = 0;
  std::uint64_t in[bucket_count];
  for (int i = 0; i < bucket_count; ++i) total += in[i] = bucket(i);
  if (total == 0) return 0;
  const double wanted = p / 100.0 * static_cast<double>(total);
  double before = 0;
  for (int i = 0; i < bucket_count - 1; ++i) {
    const auto here = static_cast<double>(in[i]);
    if (here > 0 && before + here >= wanted) {
      const auto low = static_cast<double>(i == 0 ? 0 : bounds_us[i - 1]);
      const auto high = static_cast<double>(bounds_us[i]);
      return static_cast<std::int64_t>(low + (high - low) * std::max(0.0, wanted - before) / here);
    }
    before += here;
  }
  return bounds_us[bucket_count - 2];
}

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Series& Registry::Impl::series(std::string_view name, std::string_view help, Sort sort, const Labels& labels) {
  auto [family, added] = families.try_emplace(std::string(name));
  if (added) {
    family->second.help = help;
    family->second.sort = sort;
  }
  check(family->second.sort == sort, "a metric has one type");
  auto& slot = family->second.series[labels];
  if (!slot) slot = std::make_unique<Series>();
  return *slot;
}

Counter& Registry::counter(std::string_view name, std::string_view help, const Labels& labels) {
  const std::lock_guard lock(impl_->mutex);
  Series& series = impl_->series(name, help, Sort::counter, labels);
  if (!series.counter) series.counter = std::make_unique<Counter>();
  return *series.counter;
}

Histogram& Registry::histogram(std::string_view name, std::string_view help, const Labels& labels) {
  const std::lock_guard lock(impl_->mutex);
  Series& series = impl_->series(name, help, Sort::histogram, labels);
  if (!series.histogram) series.histogram = std::make_unique<Histogram>();
  return *series.histogram;
}

void Registry::gauge(std::string_view name, std::string_view help, const Labels& labels, std::function<double()> read) {
  const std::lock_guard lock(impl_->mutex);
  impl_->series(name, help, Sort::gauge, labels).read = std::move(read);
}

}  // namespace tuition::metrics
