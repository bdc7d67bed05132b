#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "learning/types.h"

// Pure: how reported progress combines with stored progress. Progress never goes backwards: two open tabs may report
// out of order, and the same report may come twice.
namespace tuition::learning {

inline constexpr std::int64_t position_max_s = 24 * 60 * 60;
inline constexpr std::size_t watched_ranges_max = 200;  // kept per lesson

struct Report {
  std::optional<double> score{};  // percent
  bool completed = false;
  std::optional<std::int64_t> position_s{};
  std::vector<WatchedRange> watched{};
};

// The furthest position, the union of what was watched, the best and the last score; completed stays completed, with
// its first time.
Progress advance(const Progress& was, const Report& said, Instant now);

// Ascending, overlapping and touching ones joined, empty and impossible ones dropped. More than fit are joined over the
// smallest gaps.
std::vector<WatchedRange> joined(std::vector<WatchedRange> ranges);

std::int64_t seconds_of(const std::vector<WatchedRange>& ranges);

// The time a lesson counts for in somebody's statistics: what was watched of it, or once completed at least the time
// it is said to take. Never less for more progress.
std::int64_t time_credit_s(const Progress& progress, std::optional<std::int64_t> duration_s);

}  // namespace tuition::learning
