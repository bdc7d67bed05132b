#include "learning/delivery.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"
#include "platform/base/fields_json.h"
#include "uses_index.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

}  // namespace

TEST_CASE("the page kept encoded is the view") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "quiz", "b"})}));
  const auto member = room.subscriber();
  ProgressForm form;
  form.lesson_id = course.lessons[1].id;
  form.position_seconds = 7;
  REQUIRE(room.save(member, form).ok());
  for (int i = 0; i < 2; ++i) {
    for (const auto& lesson : course.lessons) {
      const auto opened = open_lesson(room.learning, member, lesson.id);
      REQUIRE(opened.ok());
      CHECK(*opened->page + to_json(opened->media) + ",\"progress\":" + to_json(opened->progress) + "}" ==
            to_json(get_lesson(room.learning, member, lesson.id).value()));
    }
  }
  const auto quiz = get_lesson(room.learning, member, course.lessons[1].id).value();
  CHECK(quiz.previous_lesson_id == course.lessons[0].id);
  CHECK(quiz.next_lesson_id == course.lessons[2].id);
  CHECK(quiz.quiz_id == course.lessons[1].quiz);
  CHECK(quiz.progress->position_seconds == 7);
}

TEST_CASE("a lesson rewritten is delivered anew") {
  Classroom room;
  auto draft = course_of("c", {module_of("m", 1, 1, {"a"})});
  const auto id = room.put(draft).lessons[0].id;
  const auto member = room.subscriber();
  const auto page = [&] { return *open_lesson(room.learning, member, id)->page; };
  CHECK(page().find("Body of") != std::string::npos);
  draft.modules[0].lessons[0].body_md = "Quite new.\n";
  room.put(draft);
  CHECK(page().find("Quite new.") != std::string::npos);
}

TEST_CASE("pages make room for each other") {
  LessonPages pages;
  const auto big = std::make_shared<const std::string>(2 * 1024 * 1024 - 1, 'x');
  for (int i = 0; i < 10; ++i) pages.keep(1, catalogue::LessonId(std::to_string(i)), big);
  CHECK(pages.find(1, catalogue::LessonId("9")) == big);
  CHECK(pages.find(1, catalogue::LessonId("0")) == nullptr);
  pages.keep(2, catalogue::LessonId("a"), big);
  CHECK(pages.find(1, catalogue::LessonId("9")) == nullptr);
  pages.keep(1, catalogue::LessonId("b"), big);
  CHECK(pages.find(2, catalogue::LessonId("a")) == big);
}

TEST_CASE("what delivery and saving read is found by index") {
  Classroom room;
  CHECK(tests::uses_index(
      *room.db,
      "SELECT completed, completed_at, position_s, watched_json, score_best, score_last, attempts, created_at, "
      "updated_at FROM progress WHERE user_id = ?1 AND scope = ?2 AND scope_id = ?3"));
  const auto plan = tests::query_plan(
      *room.db,
      "SELECT e.id, e.status, e.done_revision, e.done_map, e.created_at, e.completed_at, s.lessons_done, "
      "s.quizzes_passed, s.seconds, s.xp, s.streak_days, s.streak_best, s.last_active_day, s.day_ends_at "
      "FROM (SELECT 1) LEFT JOIN enrollments e ON e.user_id = ?1 AND e.course_id = ?2 "
      "LEFT JOIN user_stats s ON s.user_id = ?1");
  INFO(plan);
  CHECK(plan.find("SEARCH e USING PRIMARY KEY (user_id=? AND course_id=?)") != std::string::npos);
  CHECK(plan.find("SEARCH s USING PRIMARY KEY (user_id=?)") != std::string::npos);
  CHECK(tests::uses_index(*room.db,
                          "SELECT scope_id FROM progress WHERE user_id = ?1 AND scope = 'lesson' AND completed = 1"));
  CHECK(tests::uses_index(*room.db,
                          "SELECT id FROM quiz_attempts WHERE quiz_id = ?2 AND user_id = ?1 AND submitted_at IS NULL"));
}

}  // namespace tuition::learning
