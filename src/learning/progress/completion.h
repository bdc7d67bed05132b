#pragma once

#include <optional>
#include <string>

#include "catalogue/types.h"
#include "learning/types.h"

// Pure: when a lesson counts as completed.
namespace tuition::learning {

// Whether saying so is enough. Quizzes and practice are completed by passing them, and a lesson may ask for a share of
// its recording or for time.
bool completed_by_saying(const catalogue::Lesson& lesson);

// For a lesson that asks for a share or for time: whether what was reported so far is enough. Time counts on the
// server's clock, from the first save on, and nobody has played a recording in less time than it takes at double speed.
// A share of a recording whose length nobody gave is enough when it is said.
bool has_done_enough(const catalogue::Lesson& lesson, const Progress& progress, bool said, Instant now);

// The share of a recording that was watched, in percent, rounded down; what lies behind its end does not count.
std::int64_t watched_percent(const Progress& progress, std::int64_t duration_s);

// What is left to do, in a sentence; none where saying so is enough or nothing is left.
std::optional<std::string> what_is_left(const catalogue::Lesson& lesson, const Progress& progress, Instant now);

}  // namespace tuition::learning
