#include "learning/honours/local_day.h"

namespace tuition::learning {

LocalDay local_day(const Zone& zone, Instant now) {
  const auto offset = offset_at(zone, now);
  const auto day = day_of(now + offset);
  const Instant next_midnight{(static_cast<std::int64_t>(day.number) + 1) * days(1).ms};
  // The clocks may be changed between now and midnight.
  return {day, next_midnight - offset_at(zone, next_midnight - offset)};
}

}  // namespace tuition::learning
