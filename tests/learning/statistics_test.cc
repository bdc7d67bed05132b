#include "learning/honours/statistics.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/honours/local_day.h"
#include "learning/progress/done_map.h"

namespace tuition::learning {
namespace {

Stats after(std::initializer_list<std::int32_t> active_days) {
  Stats stats;
  for (const auto day : active_days)
    stats = with_activity(stats, {Day{day}, Instant{(std::int64_t{day} + 1) * days(1).ms}});
  return stats;
}

Instant instant(std::string_view text) { return parse_instant(text).value(); }

}  // namespace

TEST_CASE("a streak counts days in a row") {
  struct Row {
    std::initializer_list<std::int32_t> active;
    std::int64_t days;
    std::int64_t best;
  };
  const Row rows[] = {{{10}, 1, 1},         {{10, 10, 10}, 1, 1},         {{10, 11, 12}, 3, 3},
                      {{10, 11, 13}, 1, 2}, {{10, 11, 10, 11, 12}, 3, 3}, {{10, 11, 12, 20, 21}, 2, 3}};
  for (const auto& row : rows) {
    const auto stats = after(row.active);
    CHECK(stats.streak_days == row.days);
    CHECK(stats.streak_best == row.best);
  }
}

TEST_CASE("a streak lasts through the day after, and not a moment longer") {
  const auto stats = after({10, 11});
  CHECK(current_streak(stats, Instant{days(12).ms}) == 2);
  CHECK(current_streak(stats, Instant{days(13).ms - 1}) == 2);
  CHECK(current_streak(stats, Instant{days(13).ms}) == 0);
  CHECK(current_streak(Stats{}, Instant{days(13).ms}) == 0);
}

TEST_CASE("the day is the one where the person lives") {
  Zone tokyo{9 * 3600, {}, {}};
  const auto day = local_day(tokyo, instant("2026-11-20T15:30:00Z"));
  CHECK(to_text(day.day) == "2026-11-21");
  CHECK(to_text(day.ends_at) == "2026-11-21T15:00:00.000Z");
  // The clocks go back an hour during this day.
  Zone turning{7200, {{instant("2026-10-25T01:00:00Z").ms / 1000, 3600}}, {}};
  const auto longest = local_day(turning, instant("2026-10-24T23:00:00Z"));
  CHECK(to_text(longest.day) == "2026-10-25");
  CHECK(to_text(longest.ends_at) == "2026-10-25T23:00:00.000Z");
}

TEST_CASE("the bits of a course are counted by level, and only all of them are a hundred percent") {
  catalogue::Course course;
  for (const std::int64_t level : {1, 1, 2, 2, 2, 3}) {
    catalogue::Lesson lesson;
    lesson.level = level;
    course.lessons.push_back(lesson);
  }
  DoneMap done(course.lessons.size());
  done.add(0);
  CHECK(missing_level(course, done, 2) == 1);
  CHECK_FALSE(missing_level(course, done, 1));
  done.add(1);
  done.add(5);
  CHECK_FALSE(missing_level(course, done, 2));
  CHECK(missing_level(course, done, 3) == 2);
  CHECK(level_count(course, done, 1).completed());
  CHECK(level_count(course, done, 2).total == 3);
  CHECK(done_count(course, done) == 3);
  CHECK(next_lesson(course, done) == 2);
  CHECK(percent_done(3, 6) == 50);
  CHECK(percent_done(199, 200) == 99);
  CHECK(percent_done(200, 200) == 100);
  CHECK(percent_done(0, 0) == 0);
}

}  // namespace tuition::learning
