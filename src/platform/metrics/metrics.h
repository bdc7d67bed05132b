#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tuition::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Seconds in fixed buckets from 0.5 ms to 30 s.
class Histogram {
 public:
  void observe_us(std::int64_t microseconds);
  // Estimated from the buckets, in microseconds; 0 when empty.
  std::int64_t percentile_us(double p) const;
  static constexpr std::int64_t bounds_us[] = {500,    1000,   2000,   5000,    10000,   20000,    50000,
                                               100000, 250000, 500000, 1000000, 2500000, 10000000, 30000000};
  static constexpr int bucket_count = 15;
  std::uint64_t bucket(int i) const { return buckets_[i].load(std::memory_order_relaxed); }
  std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }
  std::int64_t sum_us() const { return sum_us_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> buckets_[bucket_count]{};
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::int64_t> sum_us_{0};
};

// All of one program's metrics, passed by reference; no global. A series is made at first use and stays: label values
// come from small closed sets (route templates, statuses, kinds), never from input. References stay valid. Safe from
// any thread.
class Registry {
 public:
  Registry();
  ~Registry();
  Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, const Labels& labels = {});
  // Asked at each scrape.
  void gauge(std::string_view name, std::string_view help, const Labels& labels, std::function<double()> read);

  std::string prometheus() const;  // text format 0.0.4
  std::string json() const;        // counters, gauges, and p50, p90, p99 of histograms

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tuition::metrics
