#pragma once

#include <cstdint>
#include <vector>

#include "learning/usage/wire_usage.h"
#include "platform/base/caller.h"
#include "platform/base/zones.h"

// How much somebody has learned, week by week, for themselves.
namespace tuition::learning {

struct Learning;

inline constexpr std::int64_t usage_weeks_default = 12;

// Something finished at one moment.
struct Deed {
  enum class Sort { lesson, quiz, practice, points };
  Sort sort = Sort::points;
  Instant at{};
  std::int64_t points = 0;
};

// The Monday of the week that is `back` weeks before the one of `now`, where somebody lives.
Day week_begin(const Zone& zone, Instant now, std::int64_t back = 0);

// Pure: `count` weeks, the oldest first; deeds outside of them do not count. Every deed makes its day an active one.
std::vector<UsageWeek> weeks_of(const Zone& zone, Instant now, std::int64_t count, const std::vector<Deed>& deeds);

UsageView usage_of(Learning& door, const Caller& caller, const UsageForm& form);

}  // namespace tuition::learning
