#include "learning/honours/statistics.h"

#include <algorithm>

namespace tuition::learning {

Stats with_activity(Stats stats, const LocalDay& today) {
  if (stats.last_active_day && *stats.last_active_day >= today.day) return stats;
  const bool follows = stats.last_active_day && stats.last_active_day->number + 1 == today.day.number;
  stats.streak_days = follows ? stats.streak_days + 1 : 1;
  stats.streak_best = std::max(stats.streak_best, stats.streak_days);
  stats.last_active_day = today.day;
  stats.day_ends_at = today.ends_at;
  return stats;
}

std::int64_t current_streak(const Stats& stats, Instant now) {
  return now < stats.day_ends_at + days(1) ? stats.streak_days : 0;
}

}  // namespace tuition::learning
