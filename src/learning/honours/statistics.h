#pragma once

#include <cstdint>
#include <string_view>

#include "learning/types.h"

// Pure: streaks and points.
namespace tuition::learning {

// A calendar day where somebody lives, and the moment it ends.
struct LocalDay {
  Day day{};
  Instant ends_at{};
};

// Counts today as a day of learning. The next day lengthens the streak, the same one leaves it, and a gap begins anew.
// A day before the last one (the person has travelled) changes nothing.
Stats with_activity(Stats stats, const LocalDay& today);

// The streak as it stands at `now`: over once a whole day has passed without learning.
std::int64_t current_streak(const Stats& stats, Instant now);

inline constexpr std::int64_t xp_lesson = 10;
inline constexpr std::int64_t xp_quiz = 20;
inline constexpr std::int64_t xp_level = 50;
inline constexpr std::int64_t xp_course = 100;

}  // namespace tuition::learning
