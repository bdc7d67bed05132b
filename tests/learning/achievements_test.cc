#include "learning/honours/achievements.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "learning/classroom.h"
#include "learning/honours/honours.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

std::set<std::string> keys_of(const std::vector<Achievement>& all) {
  std::set<std::string> keys;
  for (const auto& each : all) keys.emplace(each.key);
  return keys;
}

}  // namespace

TEST_CASE("every achievement has a key, a bit and a goal of its own") {
  std::set<std::string_view> keys;
  std::set<int> bits;
  for (const auto& each : achievements()) {
    CHECK(keys.insert(each.key).second);
    CHECK(bits.insert(each.bit).second);
    CHECK(each.bit >= 0);
    CHECK(each.bit < 63);
    CHECK(each.goal > 0);
  }
}

TEST_CASE("an achievement is earned at its goal, and once") {
  CHECK(newly_reached({}, 0).empty());
  CHECK(keys_of(newly_reached({.lessons = 1}, 0)) == std::set<std::string>{"first_lesson"});
  CHECK(keys_of(newly_reached({.lessons = 9}, 1)).empty());
  CHECK(keys_of(newly_reached({.lessons = 10}, 1)) == std::set<std::string>{"lessons_10"});
  CHECK(keys_of(newly_reached({.streak = 7}, 0)) == std::set<std::string>{"streak_3", "streak_7"});
  CHECK(keys_of(newly_reached({.courses = 1, .full_marks = 1}, 0)) ==
        std::set<std::string>{"first_course", "full_marks"});
}

TEST_CASE("ranks grow wider") {
  const struct {
    std::int64_t points, number, from, next;
  } cases[] = {{0, 1, 0, 100},     {99, 1, 0, 100},    {100, 2, 100, 300},
               {299, 2, 100, 300}, {300, 3, 300, 600}, {1'000'000, 141, 987'000, 1'001'100}};
  for (const auto& each : cases) {
    CAPTURE(each.points);
    const auto rank = rank_of(each.points);
    CHECK(rank.number == each.number);
    CHECK(rank.from == each.from);
    CHECK(rank.next == each.next);
  }
}

TEST_CASE("a save says what it earned, and the trail keeps it") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  const auto caller = room.subscriber();
  const auto first = room.complete(caller, course.lessons[0]);
  REQUIRE(first.ok());
  REQUIRE(first->earned.size() == 1);
  CHECK(first->earned[0].key == "first_lesson");
  CHECK(room.complete(caller, course.lessons[0])->earned.empty());
  const auto last = room.complete(caller, course.lessons[1]);
  REQUIRE(last->earned.size() == 1);
  CHECK(last->earned[0].key == "first_course");
  CHECK(room.db->read([](ReadTx& tx) {
    return tx.one<std::int64_t>("SELECT COUNT(*) FROM audit_logs WHERE action = 'learning.achievement'");
  }) == 2);
  const auto view = list_achievements(room.learning, caller);
  CHECK(view.xp == 170);
  CHECK(view.rank == 2);
  for (const auto& each : view.achievements)
    CHECK(each.earned_at.has_value() == (each.key == "first_lesson" || each.key == "first_course"));
}

TEST_CASE("only who wants to is on the leaderboard, and everybody learns the own place") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b", "c"})}));
  const auto anna = room.subscriber();
  const auto ben = room.subscriber();
  const auto shy = room.subscriber();
  const auto idle = room.subscriber();
  const auto join = [&](const Caller& who, const std::string& name) {
    room.db->write([&](WriteTx& tx) {
      tx.execute("UPDATE user_profiles SET leaderboard_opt_in = 1, full_name = ?2 WHERE id = ?1", who.user, name);
    });
  };
  join(anna, "Anna");
  join(ben, "Ben");
  for (std::size_t i = 0; i < 2; ++i) CHECK(room.complete(anna, course.lessons[i]).ok());
  CHECK(room.complete(ben, course.lessons[0]).ok());
  for (std::size_t i = 0; i < 3; ++i) CHECK(room.complete(shy, course.lessons[i]).ok());

  const auto seen_by_ben = leaderboard(room.learning, ben, {}).value();
  REQUIRE(seen_by_ben.leaders.size() == 2);
  CHECK(seen_by_ben.leaders[0].name == "Anna");
  CHECK(seen_by_ben.leaders[0].xp == 20);
  CHECK(seen_by_ben.leaders[1].is_you);
  CHECK(seen_by_ben.own_rank == 2);
  const auto seen_by_shy = leaderboard(room.learning, shy, {.course_id = course.id}).value();
  CHECK(seen_by_shy.leaders.size() == 2);
  CHECK(seen_by_shy.own_rank == 1);
  CHECK_FALSE(seen_by_shy.opted_in);
  CHECK_FALSE(leaderboard(room.learning, idle, {})->own_rank);

  room.clock.pass(days(8));
  refresh_leaderboard(room.learning);
  CHECK(leaderboard(room.learning, ben, {})->leaders.empty());
  CHECK(leaderboard(room.learning, ben, {.window = Window::all})->leaders.size() == 2);
  CHECK(leaderboard(room.learning, ben, {.course_id = catalogue::CourseId("none")}).error().kind == Kind::not_found);
}

}  // namespace tuition::learning
