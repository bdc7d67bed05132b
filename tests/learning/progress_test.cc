#include "learning/progress/progress.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "audit/audit.h"
#include "learning/classroom.h"
#include "learning/figures.h"
#include "learning/overview.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

std::int64_t count(Classroom& room, Sql sql) {
  return room.db->read([&](ReadTx& tx) { return *tx.one<std::int64_t>(sql); });
}

StatsView stats(Classroom& room, const Caller& caller) {
  return room.db->read([&](ReadTx& tx) { return stats_of(tx, caller.user, room.clock.now()); });
}

}  // namespace

TEST_CASE("a completed lesson shows in everything that counts it") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"}), module_of("n", 2, 2, {"d"})}));
  const auto member = room.subscriber();
  ProgressForm form;
  form.lesson_id = course.lessons[0].id;
  form.completed = true;
  form.score = 87.5;
  form.position_seconds = 30;
  const auto saved = room.save(member, form);
  REQUIRE(saved.ok());
  CHECK(saved->progress.scope == Scope::lesson);
  CHECK(saved->progress.completed);
  CHECK(saved->progress.completed_at == room.clock.now());
  CHECK(saved->progress.score_best == 87.5);
  CHECK(saved->progress.position_seconds == 30);
  CHECK(saved->course.lessons_total == 3);
  CHECK(saved->course.lessons_done == 1);
  CHECK(saved->course.percent == 33);
  CHECK(saved->course.next_lesson_id == course.lessons[1].id);
  CHECK(saved->course.levels.empty());
  CHECK(saved->stats.lessons_done == 1);
  CHECK(saved->stats.minutes == 5);
  CHECK(saved->stats.xp == 10);
  CHECK(saved->stats.streak_days == 1);
  CHECK(to_text(*saved->stats.last_active_day) == "2026-11-20");

  const auto view = get_progress(room.learning, member);
  REQUIRE(view.courses.size() == 1);
  REQUIRE(view.courses[0].levels.size() == 2);
  CHECK(view.courses[0].levels[0].lessons_done == 1);
  CHECK(view.stats.xp == 10);
  CHECK(get_course(room.learning, member, "c")->progress->percent == 33);
  CHECK(get_course(room.learning, member, "c")->modules[0].lessons[0].completed);
}

TEST_CASE("the same save twice is harmless") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  const auto member = room.subscriber();
  const auto first = room.complete(member, course.lessons[0]);
  room.clock.pass(minutes(1));
  const auto second = room.complete(member, course.lessons[0]);
  REQUIRE(second.ok());
  CHECK(second->progress.completed_at == first->progress.completed_at);
  CHECK(second->stats.lessons_done == 1);
  CHECK(second->stats.xp == 10);
  CHECK(count(room, "SELECT COUNT(*) FROM xp_events") == 1);
}

TEST_CASE("progress and questions are read in the database by the names that others know") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 3, 1, {"a", "quiz"})}));
  const auto member = room.subscriber();
  ProgressForm form;
  form.lesson_id = course.lessons[0].id;
  form.score = 80;
  form.completed = true;
  REQUIRE(room.save(member, form).ok());
  form.score = 70;
  REQUIRE(room.save(member, form).ok());
  struct ProgressRow {
    UserId user{};
    std::int64_t level = 0;
    double score = 0;
    bool completed = false;
  };
  struct QuizDataRow {
    std::string id{};
    std::string module{};
    std::string question{};
    std::string options{};
    std::string correct_answer{};
    Instant created_at{};
  };
  room.db->read([&](ReadTx& tx) {
    const auto progress = tx.one<ProgressRow>("SELECT user_id, level, score, completed FROM progress").value();
    CHECK(progress.user == member.user);
    CHECK(progress.level == 1);
    CHECK(progress.score == 80);
    CHECK(progress.completed);
    CHECK(tx.one<std::int64_t>("SELECT order_index FROM content_modules WHERE title = 'Module m' AND content = ''"));
    const auto question =
        tx.one<QuizDataRow>("SELECT id, module_id, question, options, correct_answer, created_at FROM quiz_data")
            .value();
    CHECK(question.module == course.modules[0].id.text());
    CHECK(question.question == "Six times seven?");
    CHECK(question.options == "[]");
    CHECK(question.correct_answer == R"({"value":"42","tolerance":"0"})");
    CHECK(question.created_at == room.clock.now());
  });
}

TEST_CASE("levels and courses are completed by their lessons, rewarded and noted once") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a"}), module_of("n", 2, 2, {"b"})}));
  const auto member = room.subscriber();
  CHECK(room.complete(member, course.lessons[0])->stats.xp == 10 + 50);
  const auto last = room.complete(member, course.lessons[1]);
  CHECK(last->stats.xp == 2 * 10 + 2 * 50 + 100);
  CHECK(last->course.completed);
  CHECK(last->course.percent == 100);
  CHECK_FALSE(last->course.next_lesson_id);
  CHECK(count(room, "SELECT COUNT(*) FROM enrollments WHERE status = 'completed'") == 1);
  CHECK(count(room, "SELECT COUNT(*) FROM audit_logs WHERE action LIKE 'learning.%completed'") == 3);
  CHECK(audit::verify(*room.db).whole());
}

TEST_CASE("percentages are right after lessons are added, removed and moved") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b", "d", "e"})}));
  const auto member = room.subscriber();
  REQUIRE(room.complete(member, course.lessons[1]).ok());
  REQUIRE(room.complete(member, course.lessons[3]).ok());
  const auto percent = [&] { return get_progress(room.learning, member).courses.at(0).percent; };
  CHECK(percent() == 50);
  room.put(course_of("c", {module_of("m", 1, 1, {"e", "a", "b", "d", "x", "y", "z", "w"})}));
  CHECK(percent() == 25);
  const auto& less = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  CHECK(percent() == 50);
  CHECK(room.complete(member, less.lessons[0])->course.percent == 100);
  room.put(course_of("c", {module_of("m", 1, 1, {"b", "e2", "a"})}));
  CHECK(percent() == 66);
  CHECK(stats(room, member).lessons_done == 3);
}

TEST_CASE("a module or a level is saved as one") {
  Classroom room;
  const auto& course =
      room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"}), module_of("n", 2, 2, {"d", "quiz"})}));
  const auto member = room.subscriber();
  ProgressForm module;
  module.module_id = course.modules[0].id;
  module.completed = true;
  module.score = 70;
  const auto saved = room.save(member, module);
  REQUIRE(saved.ok());
  CHECK(saved->progress.scope == Scope::module);
  CHECK(saved->progress.completed);
  CHECK(saved->progress.score_best == 70);
  CHECK(saved->course.lessons_done == 2);
  ProgressForm level;
  level.course_id = course.id;
  level.level = 2;
  level.completed = true;
  const auto second = room.save(member, level);
  REQUIRE(second.ok());
  CHECK(second->progress.scope_id == course.id.text() + ":2");
  CHECK_FALSE(second->progress.completed);
  CHECK(second->course.lessons_done == 3);
  level.level = 3;
  CHECK(room.save(member, level).error().code == "NOT_FOUND");
}

TEST_CASE("a level alone means the only course that has it, or of several the one begun") {
  Classroom room;
  room.put(course_of("c", {module_of("m", 1, 1, {"a"}), module_of("n", 2, 2, {"b"})}));
  const auto member = room.subscriber();
  ProgressForm level;
  level.level = 2;
  CHECK(room.save(member, level)->course.slug == "c");
  room.put(course_of("d", {module_of("m", 1, 1, {"e"}), module_of("n", 2, 2, {"f"})}));
  CHECK(room.save(member, level)->course.slug == "c");
  const auto newcomer = room.subscriber();
  CHECK(room.save(newcomer, level).error().fields.at(0).field == "courseId");
  level.level = 3;
  CHECK(room.save(member, level).error().kind == Kind::not_found);
}

TEST_CASE("a save is refused in words that name the field") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "quiz"})}));
  const auto member = room.subscriber();
  CHECK(room.save(member, {}).error().fields.size() == 3);
  ProgressForm form;
  form.lesson_id = course.lessons[0].id;
  form.course_id = course.id;
  CHECK(room.save(member, form).error().fields.at(0).field == "courseId");
  form = {};
  form.lesson_id = course.lessons[0].id;
  form.watched_ranges = {{0, 5}, {9, 3}, {1}};
  CHECK(room.save(member, form).error().fields.size() == 2);
  form = {};
  form.lesson_id = catalogue::LessonId("none");
  CHECK(room.save(member, form).error().kind == Kind::not_found);
  CHECK(room.complete(member, course.lessons[1]).error().kind == Kind::unprocessable);
  CHECK(room.complete(room.person(), course.lessons[0]).error().code == "PAYMENT_REQUIRED");
  CHECK(count(room, "SELECT COUNT(*) FROM progress") == 0);
}

TEST_CASE("time watched counts once, and completing counts the rest") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  const auto member = room.subscriber();
  ProgressForm form;
  form.lesson_id = course.lessons[0].id;
  form.watched_ranges = {{0, 60}, {30, 120}};
  CHECK(room.save(member, form)->stats.minutes == 2);
  CHECK(room.save(member, form)->stats.minutes == 2);
  CHECK(room.complete(member, course.lessons[0])->stats.minutes == 5);
}

TEST_CASE("a streak follows the person's own days") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a"})}));
  const auto here = room.subscriber();
  const auto there = room.subscriber("Asia/Tokyo");
  const auto streaks = [&] {
    return std::pair{room.complete(here, course.lessons[0])->stats.streak_days,
                     room.complete(there, course.lessons[0])->stats.streak_days};
  };
  CHECK(streaks() == std::pair<std::int64_t, std::int64_t>{1, 1});
  room.clock.pass(hours(7));  // 15:30 here, past midnight there
  if (to_text(*stats(room, there).last_active_day) == "2026-11-20") {
    const auto [one, other] = streaks();
    CHECK(one == 1);
    CHECK(other == 2);
  }
  room.clock.pass(days(3));
  CHECK(stats(room, here).streak_days == 0);
  CHECK(streaks().first == 1);
}

TEST_CASE("a demonstration's learner has come some way, however often that is said") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "quiz", "b"})}));
  const auto member = room.subscriber();
  for (int i = 0; i < 2; ++i) REQUIRE(seed_progress(room.learning, member, course.slug, 2).ok());
  CHECK(get_progress(room.learning, member).courses.at(0).lessons_done == 2);
  CHECK(stats(room, member).xp == 2 * 10 + 20);
  CHECK(seed_progress(room.learning, member, "none", 2).error().kind == Kind::not_found);
}

TEST_CASE("a hundred saves at once count once") {
  Classroom room;
  const auto& course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b", "d"})}));
  const auto member = room.subscriber();
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 100; ++i)
    threads.emplace_back([&, i] {
      ProgressForm form;
      form.lesson_id = course.lessons[static_cast<std::size_t>(i % 2)].id;
      form.completed = true;
      form.position_seconds = i;
      if (room.save(member, form).ok()) ++good;
    });
  for (auto& thread : threads) thread.join();
  CHECK(good == 100);
  CHECK(count(room, "SELECT COUNT(*) FROM xp_events") == 2);
  CHECK(count(room, "SELECT COUNT(*) FROM enrollments") == 1);
  CHECK(count(room, "SELECT MAX(position_s) FROM progress") == 99);
  CHECK(stats(room, member).lessons_done == 2);
  CHECK(stats(room, member).xp == 20);
  CHECK(get_progress(room.learning, member).courses.at(0).lessons_done == 2);
}

TEST_CASE("the pages a learner has open hear what was reached, and nobody else's do") {
  Classroom room;
  const auto course = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"})}));
  const auto member = room.subscriber(), other = room.subscriber();
  const auto heard = [](const http::Reply& stream) {
    std::string out;
    stream.feed->take(out);
    return out;
  };
  const auto hers = room.outreach.live.open(member), others = room.outreach.live.open(other);
  heard(*hers);
  heard(*others);
  REQUIRE(room.complete(member, course.lessons[0]).ok());
  const auto first = heard(*hers);
  CHECK(first.starts_with("event: progress\ndata: {\"course\":{\"courseId\":\"" + course.id.text() + "\""));
  CHECK(first.find("\"lessonsDone\":1,\"percent\":50") != std::string::npos);
  CHECK(first.find("event: achievement\ndata: {\"key\":\"") != std::string::npos);
  // Said once more it reaches nothing.
  REQUIRE(room.complete(member, course.lessons[0]).ok());
  CHECK(heard(*hers).empty());
  CHECK(heard(*others).empty());
}

TEST_CASE("saving while the course changes loses nothing") {
  Classroom room;
  const std::vector<std::string> all{"a", "b", "d", "e", "f", "g", "h", "i", "j", "k"};
  const auto course = room.put(course_of("c", {module_of("m", 1, 1, all)}));
  const auto member = room.subscriber();
  std::thread author([&] {
    for (int i = 0; i < 20; ++i) {
      auto titles = all;
      std::rotate(titles.begin(), titles.begin() + i % 10, titles.end());
      (void)catalogue::put_course(room.catalogue, course_of("c", {module_of("m", 1, 1, titles)}),
                                  catalogue::Publish::yes);
    }
  });
  for (const auto& lesson : course.lessons) CHECK(room.complete(member, lesson).ok());
  author.join();
  CHECK(get_progress(room.learning, member).courses.at(0).percent == 100);
}

}  // namespace tuition::learning
