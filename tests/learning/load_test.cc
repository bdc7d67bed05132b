// What many do at once stands once, and what is asked often goes by an index.

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "learning/classroom.h"
#include "learning/honours/store_honours.h"
#include "uses_index.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;
using tests::uses_index;

}  // namespace

TEST_CASE("a hundred saves at once complete a lesson once, with its points and achievements") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a"})}));
  const auto caller = room.subscriber();
  std::atomic<int> kept{0};
  {
    std::vector<std::jthread> tabs;
    for (int i = 0; i < 100; ++i)
      tabs.emplace_back([&room, &caller, &course, &kept, i] {
        ProgressForm form;
        form.lesson_id = course.lessons[0].id;
        form.completed = true;
        form.position_seconds = i;
        if (room.save(caller, form).ok()) ++kept;
      });
  }
  CHECK(kept == 100);
  room.db->read([&](ReadTx& tx) {
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM xp_events") == 3);  // the lesson, its level, its course
    CHECK(tx.one<std::int64_t>("SELECT xp FROM user_stats") == 160);
    CHECK(tx.one<std::int64_t>("SELECT lessons_done FROM user_stats") == 1);
    CHECK(tx.one<std::int64_t>("SELECT position_s FROM progress") == 99);
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM user_achievements") == 2);
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM audit_logs WHERE action = 'learning.achievement'") == 2);
    CHECK(tx.one<std::int64_t>("SELECT COUNT(*) FROM enrollments") == 1);
  });
}

TEST_CASE("what is asked often goes by an index") {
  Classroom room;
  auto& db = *room.db;
  CHECK(uses_index(db, "SELECT completed FROM progress WHERE user_id = ?1 AND scope = ?2 AND scope_id = ?3"));
  CHECK(uses_index(db, "SELECT id FROM enrollments WHERE user_id = ?1 AND course_id = ?2"));
  CHECK(uses_index(db,
                   "SELECT e.id, u.email, (SELECT MAX(g.updated_at) FROM progress g WHERE g.user_id = e.user_id AND "
                   "g.course_id = e.course_id) FROM enrollments e JOIN users u ON u.id = e.user_id "
                   "JOIN user_profiles p ON p.id = e.user_id "
                   "WHERE e.course_id = ?1 AND e.id < ?3 AND e.status <> 'removed' ORDER BY e.id DESC LIMIT ?4"));
  for (const auto statement :
       {store::leaders_statement(), store::ahead_statement(), store::overdue_statement(), store::points_statement()}) {
    CAPTURE(statement.text(), tests::query_plan(db, statement));
    CHECK(uses_index(db, statement));
    CHECK(tests::query_plan(db, statement).find("TEMP B-TREE") == std::string::npos);
  }
  CHECK(uses_index(db, "SELECT id FROM certificates WHERE user_id = ?1 AND course_id = ?2"));
  CHECK(uses_index(db, "SELECT id FROM certificates WHERE serial = ?1"));
  CHECK(uses_index(db, "SELECT achievement, at FROM user_achievements WHERE user_id = ?1"));
  CHECK(uses_index(db,
                   "SELECT id FROM quiz_attempts WHERE quiz_id = ?2 AND user_id = ?1 AND submitted_at IS NULL "
                   "ORDER BY no DESC LIMIT 1"));
  CHECK(uses_index(db,
                   "SELECT id FROM quiz_attempts WHERE quiz_id = ?1 AND no = 1 AND submitted_at IS NOT NULL "
                   "ORDER BY submitted_at DESC LIMIT 5000"));
  CHECK(uses_index(db,
                   "SELECT id FROM practice_rounds WHERE user_id = ?1 AND lesson_id = ?2 AND finished_at IS NULL "
                   "ORDER BY started_at DESC LIMIT 1"));
  CHECK(uses_index(db, "SELECT number, points FROM practice_answers WHERE round_id = ?1 ORDER BY number"));
  CHECK(
      uses_index(db,
                 "SELECT c.id FROM courses c WHERE c.id = ?2 AND c.status = 'published' AND NOT EXISTS (SELECT 1 FROM "
                 "enrollments e WHERE e.user_id = ?1 AND e.course_id = c.id AND e.completed_at IS NOT NULL)"));
}

}  // namespace tuition::learning
