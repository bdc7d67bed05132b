#include "learning/usage/usage.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"
#include "uses_index.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

using Sort = Deed::Sort;

Instant usage_instant(std::string_view text) { return parse_instant(text).value(); }

}  // namespace

TEST_CASE("a week begins with Monday where somebody lives") {
  const Zones zones{app::embedded_zones().front().bytes};
  struct Row {
    std::string zone, at, monday;
  };
  const Row rows[] = {{"UTC", "1970-01-01T00:00:00Z", "1969-12-29"},
                      {"UTC", "2026-11-22T23:59:59Z", "2026-11-16"},
                      {"UTC", "2026-11-23T00:00:00Z", "2026-11-23"},
                      {"Asia/Tokyo", "2026-11-22T15:00:00Z", "2026-11-23"},
                      {"America/New_York", "2026-11-23T04:59:59Z", "2026-11-16"}};
  for (const auto& row : rows) {
    CAPTURE(row.zone, row.at);
    CHECK(to_text(week_begin(zones.named(row.zone), usage_instant(row.at))) == row.monday);
  }
  CHECK(to_text(week_begin(zones.named("UTC"), usage_instant("2026-11-25T00:00:00Z"), 2)) == "2026-11-09");
}

TEST_CASE("deeds fall into their weeks, and a day counts once however much was done on it") {
  const Zones zones{app::embedded_zones().front().bytes};
  const auto& tokyo = zones.named("Asia/Tokyo");
  const auto weeks = weeks_of(tokyo, usage_instant("2026-11-25T00:00:00Z"), 2,
                              {{Sort::lesson, usage_instant("2026-11-15T14:59:59Z"), 10},  // the Sunday before, there
                               {Sort::lesson, usage_instant("2026-11-15T15:00:00Z"), 10},
                               {Sort::points, usage_instant("2026-11-15T16:00:00Z"), 50},
                               {Sort::practice, usage_instant("2026-11-22T14:59:59Z"), 0},
                               {Sort::quiz, usage_instant("2026-11-22T15:00:00Z"), 0},
                               {Sort::points, usage_instant("2026-11-30T00:00:00Z"), 1}});
  REQUIRE(weeks.size() == 2);
  CHECK(weeks[0] == UsageWeek{.from = parse_day("2026-11-16").value(),
                              .active_days = 2,
                              .lessons_done = 1,
                              .practice_rounds = 1,
                              .xp = 60});
  CHECK(weeks[1] == UsageWeek{.from = parse_day("2026-11-23").value(), .active_days = 1, .quizzes_taken = 1});
}

TEST_CASE("people see what they have done themselves, and nobody else's") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  const auto anna = room.subscriber();
  const auto ben = room.subscriber();
  CHECK(room.complete(anna, course.lessons[0]).ok());
  room.clock.pass(days(7));
  CHECK(room.complete(anna, course.lessons[1]).ok());

  const auto usage = usage_of(room.learning, anna, {});
  CHECK(usage.stats.lessons_done == 2);
  CHECK(usage.courses_completed == 1);
  REQUIRE(usage.weeks.size() == 12);
  CHECK(usage.weeks[9] == UsageWeek{.from = usage.weeks[9].from});
  CHECK(usage.weeks[10].lessons_done == 1);
  CHECK(usage.weeks[10].xp == 10);
  CHECK(usage.weeks[11].active_days == 1);
  CHECK(usage.weeks[11].xp == 160);  // with a level and the course
  CHECK(usage_of(room.learning, anna, {.weeks = 1}).weeks.size() == 1);

  const auto none = usage_of(room.learning, ben, {.weeks = 2});
  CHECK(none.stats.xp == 0);
  for (const auto& week : none.weeks) CHECK(week == UsageWeek{.from = week.from});
}

TEST_CASE("what somebody did is found by person") {
  Classroom room;
  CHECK(tests::uses_index(*room.db,
                          "SELECT at, points, key LIKE 'lesson:%' FROM xp_events WHERE user_id = ?1 AND at >= ?2"));
  CHECK(
      tests::uses_index(*room.db, "SELECT submitted_at FROM quiz_attempts WHERE user_id = ?1 AND submitted_at >= ?2"));
  CHECK(
      tests::uses_index(*room.db, "SELECT finished_at FROM practice_rounds WHERE user_id = ?1 AND finished_at >= ?2"));
}

}  // namespace tuition::learning
