// The leaderboard is kept up as points are awarded: what it says must always be what the ledger adds up to. A run
// prints its seed; LEADERBOARD_SEED repeats one.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <random>

#include "learning/classroom.h"
#include "learning/honours/honours.h"
#include "learning/honours/store_honours.h"
#include "learning/quizzes/dice.h"
#include "learning/store.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

std::uint64_t seed_of_the_board() {
  if (const char* given = std::getenv("LEADERBOARD_SEED"))
    if (const auto seed = parse_integer(given)) return static_cast<std::uint64_t>(*seed);
  return std::random_device{}();
}

struct Compared {
  Classroom room{};
  std::vector<catalogue::CourseId> courses{catalogue::CourseId{},
                                           room.put(course_of("one", {module_of("m", 1, 1, {"a"})})).id,
                                           room.put(course_of("two", {module_of("n", 1, 1, {"b"})})).id};
  std::vector<Caller> people{};

  void award(const Caller& who, std::int64_t key, std::int64_t points, const catalogue::CourseId& course) {
    room.db->write([&](WriteTx& tx) {
      store::award(tx, who.user, course, "key:" + std::to_string(key), points, "For a test", "", room.clock.now());
    });
  }
  void want(const Caller& who, bool wants) {
    room.db->write([&](WriteTx& tx) {
      tx.execute("UPDATE user_profiles SET leaderboard_opt_in = ?2, updated_at = ?3, full_name = ?1 WHERE id = ?1",
                 who.user, wants, room.clock.now());
    });
  }
  void make(const Caller& who, const std::string& status) {
    room.db->write([&](WriteTx& tx) {
      tx.execute("UPDATE users SET status = ?2, updated_at = ?3 WHERE id = ?1", who.user, status, room.clock.now());
    });
  }

  // Everything added up anew, for each who looks.
  std::vector<store::Leader> added_up(const catalogue::CourseId& course, Instant since) {
    return room.db->read([&](ReadTx& tx) {
      return tx.many<store::Leader>(
          "SELECT p.id, COALESCE(p.full_name, ''), SUM(x.points) FROM user_profiles p "
          "JOIN users u ON u.id = p.id JOIN xp_events x ON x.user_id = p.id "
          "WHERE p.leaderboard_opt_in = 1 AND u.status = 'active' AND x.at >= ?2 AND (?1 = '' OR x.course_id = ?1) "
          "GROUP BY p.id ORDER BY SUM(x.points) DESC, p.id",
          course.text(), since);
    });
  }

  void compare() {
    const auto now = room.clock.now();
    const std::pair<Window, Instant> windows[] = {
        {Window::week, now - days(7)}, {Window::month, now - days(30)}, {Window::all, Instant{0}}};
    for (const auto& course : courses)
      for (const auto& [window, since] : windows) {
        const auto all = added_up(course, since);
        for (const auto& who : people) {
          LeaderboardForm form{.window = window, .limit = 5};
          if (!course.empty()) form.course_id = course;
          const auto view = leaderboard(room.learning, who, form).value();
          const auto own = room.db->read([&](ReadTx& tx) { return store::points_of(tx, who.user, course, since); });
          REQUIRE(view.own_xp == own);
          std::int64_t ahead = 0;
          for (const auto& each : all) ahead += each.points > own;
          REQUIRE(view.own_rank == (own > 0 ? std::optional(ahead + 1) : std::nullopt));
          REQUIRE(view.leaders.size() == std::min<std::size_t>(5, all.size()));
          for (std::size_t i = 0; i < view.leaders.size(); ++i) {
            REQUIRE(view.leaders[i].name == all[i].name);
            REQUIRE(view.leaders[i].xp == all[i].points);
            REQUIRE(view.leaders[i].is_you == who.is(all[i].user));
            const auto better =
                std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.points > all[i].points; });
            REQUIRE(view.leaders[i].rank == better + 1);
          }
        }
      }
  }
};

}  // namespace

TEST_CASE("the leaderboard is what the ledger adds up to, in whatever order people learn, join, leave and return") {
  const auto seed = seed_of_the_board();
  INFO("LEADERBOARD_SEED=" << seed);
  Dice dice(seed);
  Compared school;
  for (int i = 0; i < 8; ++i) school.people.push_back(school.room.person());
  for (int step = 0; step < 600; ++step) {
    const auto& who = school.people[static_cast<std::size_t>(dice.below(8))];
    const auto sort = dice.below(100);
    if (sort < 60)
      school.award(who, dice.below(400), 10 * (1 + dice.below(5)),
                   school.courses[1 + static_cast<std::size_t>(dice.below(2))]);
    else if (sort < 70)
      school.want(who, dice.below(3) > 0);
    else if (sort < 75)
      school.make(who, dice.below(3) > 0 ? "active" : "disabled");
    else
      school.room.clock.pass(hours(dice.below(30)));
    if (step % 40 != 39) continue;
    refresh_leaderboard(school.room.learning);
    school.compare();
  }
}

TEST_CASE("a place takes a row for each number of points, not one for each person") {
  Compared school;
  for (int i = 0; i < 300; ++i) {
    const auto who = school.room.person();
    school.want(who, true);
    school.award(who, 1, 10 * (1 + i % 3), school.courses[1]);
  }
  school.people.push_back(school.room.person());
  school.compare();
  school.room.db->read([](ReadTx& tx) {
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM leaderboard_places WHERE period = 'week' AND course_id = ''") ==
          3);
    CHECK(tx.one<std::int64_t>("SELECT SUM(people) FROM leaderboard_places WHERE period = 'week' AND course_id = ''") ==
          300);
  });
}

TEST_CASE("whoever is forgotten leaves nothing on the leaderboard") {
  Compared school;
  const auto who = school.room.person();
  school.want(who, true);
  school.award(who, 1, 10, school.courses[1]);
  CHECK(school.added_up({}, Instant{0}).size() == 1);
  school.room.db->write([&](WriteTx& tx) { forget_person(tx, who.user); });
  school.room.db->read([](ReadTx& tx) {
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM leaderboard_people") == 0);
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM leaderboard_points") == 0);
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM leaderboard_places") == 0);
  });
}

}  // namespace tuition::learning
