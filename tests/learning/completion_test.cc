#include "learning/progress/completion.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"

namespace tuition::learning {
namespace {

using catalogue::Completion;
using catalogue::Lesson;
using catalogue::LessonKind;
using tests::Classroom;
using tests::course_of;
using tests::module_of;

Lesson lesson_of(LessonKind kind, std::optional<Completion> completion = {}) {
  Lesson lesson;
  lesson.kind = kind;
  lesson.duration_seconds = 100;
  lesson.rules.completion = completion;
  if (completion == Completion::watched) lesson.rules.watched_percent = 80;
  if (completion == Completion::dwell) lesson.rules.dwell_seconds = 60;
  return lesson;
}

struct Rules : Classroom {
  Rules() {
    auto draft = course_of("c", {module_of("m", 1, 1, {"watch", "dwell", "last"})});
    auto& lessons = draft.modules[0].lessons;
    lessons[0].kind = LessonKind::video;
    lessons[0].rules = {.completion = Completion::watched, .watched_percent = 80};
    lessons[1].rules = {.completion = Completion::dwell, .dwell_seconds = 60};
    lessons[2].waits_for = {"m/watch"};
    put(draft);
  }
  const catalogue::Course& course() { return shelf->courses.front(); }
};

}  // namespace

TEST_CASE("what completes a lesson, by kind and rule") {
  const Instant now{1'000'000};
  const Progress fresh;
  CHECK(completed_by_saying(lesson_of(LessonKind::text)));
  CHECK(completed_by_saying(lesson_of(LessonKind::video, Completion::read)));
  for (const auto kind : {LessonKind::quiz, LessonKind::practice}) {
    CHECK_FALSE(completed_by_saying(lesson_of(kind)));
    CHECK_FALSE(has_done_enough(lesson_of(kind), fresh, true, now));
    CHECK(what_is_left(lesson_of(kind), fresh, now));
  }
  const auto watched = lesson_of(LessonKind::video, Completion::watched);
  const struct {
    std::vector<WatchedRange> ranges;
    std::int64_t percent;
    bool enough;
  } cases[] = {{{}, 0, false},           {{{0, 79}}, 79, false},
               {{{0, 80}}, 80, true},    {{{0, 40}, {50, 90}}, 80, true},
               {{{50, 500}}, 50, false}, {{{100, 500}}, 0, false}};
  for (const auto& each : cases) {
    Progress progress;
    progress.watched = each.ranges;
    CHECK(watched_percent(progress, 100) == each.percent);
    CHECK(has_done_enough(watched, progress, false, now) == each.enough);
    CHECK(has_done_enough(watched, progress, true, now) == each.enough);
  }
  const auto dwell = lesson_of(LessonKind::text, Completion::dwell);
  Progress begun;
  CHECK_FALSE(has_done_enough(dwell, begun, true, now));
  begun.created_at = now;
  CHECK_FALSE(has_done_enough(dwell, begun, true, now + seconds(59)));
  CHECK(has_done_enough(dwell, begun, true, now + seconds(60)));
  CHECK(what_is_left(dwell, begun, now + seconds(59)) == "Take your time with it: 1 second more.");
}

TEST_CASE("a recording is completed by playing enough of it, not by saying so") {
  Rules room;
  const auto caller = room.subscriber();
  const auto said = room.complete(caller, room.course().lessons[0]);
  REQUIRE(said.ok());
  CHECK_FALSE(said->progress.completed);
  CHECK(said->progress.left == "Play at least 80% of it: 0% so far.");
  ProgressForm form;
  form.lesson_id = room.course().lessons[0].id;
  form.watched_ranges = {{0, 200}};
  CHECK_FALSE(room.save(caller, form)->progress.completed);
  room.clock.pass(minutes(1));
  form.watched_ranges = {{150, 240}};
  const auto done = room.save(caller, form);
  CHECK(done->progress.completed);
  CHECK_FALSE(done->progress.left);
}

TEST_CASE("nobody has played a recording in less time than it takes at double speed") {
  Rules room;
  const auto caller = room.subscriber();
  ProgressForm form;
  form.lesson_id = room.course().lessons[0].id;
  form.watched_ranges = {{0, 300}};
  const auto claimed = room.save(caller, form);
  CHECK_FALSE(claimed->progress.completed);
  CHECK(claimed->progress.left == "Take your time with it: 60 seconds more.");
  room.clock.pass(seconds(59));
  CHECK_FALSE(room.complete(caller, room.course().lessons[0])->progress.completed);
  room.clock.pass(seconds(1));
  CHECK(room.complete(caller, room.course().lessons[0])->progress.completed);

  auto hour = lesson_of(LessonKind::video, Completion::watched);
  hour.duration_seconds = 3600;
  Progress played;
  played.created_at = Instant{1'000'000};
  played.watched = {{0, 3600}};
  CHECK_FALSE(has_done_enough(hour, played, true, played.created_at + seconds(1379)));
  CHECK(has_done_enough(hour, played, true, played.created_at + seconds(1380)));
}

TEST_CASE("time with a lesson counts on the server's clock, whatever the sender says") {
  Rules room;
  const auto caller = room.subscriber();
  ProgressForm form;
  form.lesson_id = room.course().lessons[1].id;
  form.completed = true;
  form.client_time = room.clock.now() + days(1);
  CHECK_FALSE(room.save(caller, form)->progress.completed);
  room.clock.pass(seconds(59));
  CHECK_FALSE(room.save(caller, form)->progress.completed);
  room.clock.pass(seconds(1));
  CHECK(room.save(caller, form)->progress.completed);
}

TEST_CASE("completing a level at one go does not skip what its lessons ask for") {
  Rules room;
  const auto caller = room.subscriber();
  ProgressForm form;
  form.level = 1;
  form.course_id = room.course().id;
  form.completed = true;
  const auto saved = room.save(caller, form);
  REQUIRE(saved.ok());
  CHECK(saved->course.lessons_done == 0);
  CHECK_FALSE(saved->progress.completed);
}

TEST_CASE("a lesson opens after the one it builds on") {
  Rules room;
  const auto caller = room.subscriber();
  const auto& last = room.course().lessons[2];
  const auto refused = room.complete(caller, last);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "LOCKED");
  REQUIRE(refused.error().fields.size() == 1);
  CHECK(refused.error().fields[0].field == "lessonId");
  CHECK(refused.error().fields[0].reason == room.course().lessons[0].id.text());
  ProgressForm form;
  form.lesson_id = room.course().lessons[0].id;
  form.watched_ranges = {{0, 100}};
  CHECK_FALSE(room.save(caller, form)->progress.completed);
  room.clock.pass(minutes(2));
  form.watched_ranges = {{100, 300}};
  CHECK(room.save(caller, form)->progress.completed);
  CHECK(room.complete(caller, last).ok());
}

}  // namespace tuition::learning
