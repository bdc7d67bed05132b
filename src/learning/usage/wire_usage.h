#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "learning/wire.h"
#include "platform/base/fields.h"

namespace tuition::learning {

struct UsageForm {
  std::optional<std::int64_t> weeks{};
};

constexpr auto fields_of(const UsageForm*) {
  return table("UsageForm", field("weeks", &UsageForm::weeks,
                                  "How many weeks back, the present one included; 12 when absent.", range(1, 53)));
}

struct UsageWeek {
  Day from{};
  std::int64_t active_days = 0;
  std::int64_t lessons_done = 0;
  std::int64_t quizzes_taken = 0;
  std::int64_t practice_rounds = 0;
  std::int64_t xp = 0;
  bool operator==(const UsageWeek&) const = default;
};

constexpr auto fields_of(const UsageWeek*) {
  return table("UsageWeek",
               field("from", &UsageWeek::from, "The Monday it begins with, in the person's own time zone."),
               field("activeDays", &UsageWeek::active_days, "Days on which something was finished."),
               field("lessonsDone", &UsageWeek::lessons_done, "Lessons completed."),
               field("quizzesTaken", &UsageWeek::quizzes_taken, "Attempts at quizzes handed in, passed or not."),
               field("practiceRounds", &UsageWeek::practice_rounds, "Rounds of practice finished, passed or not."),
               field("xp", &UsageWeek::xp, "Experience points earned."));
}

struct UsageView {
  StatsView stats{};
  std::int64_t quizzes_taken = 0;
  std::int64_t practice_rounds = 0;
  std::int64_t courses_completed = 0;
  std::vector<UsageWeek> weeks{};
};

constexpr auto fields_of(const UsageView*) {
  return table("Usage", field("stats", &UsageView::stats, "Everything so far."),
               field("quizzesTaken", &UsageView::quizzes_taken, "Attempts at quizzes handed in so far."),
               field("practiceRounds", &UsageView::practice_rounds, "Rounds of practice finished so far."),
               field("coursesCompleted", &UsageView::courses_completed, "Courses completed so far."),
               field("weeks", &UsageView::weeks,
                     "Week by week, the oldest first, also those in which nothing happened; the last is the present "
                     "one."));
}

}  // namespace tuition::learning
