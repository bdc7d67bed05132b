#include "learning/roster/enrollment.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/access.h"
#include "learning/classroom.h"
#include "learning/delivery.h"
#include "learning/overview.h"
#include "learning/quizzes/attempts.h"
#include "learning/roster/store_roster.h"
#include "platform/base/fold.h"
#include "platform/base/text.h"
#include "uses_index.h"

namespace tuition::learning {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

struct Office : Classroom {
  Caller teacher = person(Role::instructor);
  Caller other_teacher = person(Role::instructor);
  Caller admin = person(Role::admin);

  Office() {
    put(course_of("mine", {module_of("m", 1, 1, {"a", "b"})}));
    put(course_of("others", {module_of("m", 1, 1, {"a"})}));
    auto free = course_of("free", {module_of("m", 1, 1, {"a"})});
    free.access = catalogue::CourseAccess::free;
    put(free);
    db->write([&](WriteTx& tx) {
      tx.execute("UPDATE courses SET instructor_id = ?1 WHERE slug IN ('mine', 'free')", teacher.user);
      tx.execute("UPDATE courses SET instructor_id = ?1 WHERE slug = 'others'", other_teacher.user);
      catalogue::changed(catalogue, tx);
    });
    shelf = catalogue::shelf(catalogue);
  }
  const catalogue::Course& course(const std::string& slug = "mine") { return *shelf->course(slug); }
  void name(const Caller& caller, const std::string& name) {
    db->write([&](WriteTx& tx) {
      tx.execute("UPDATE user_profiles SET full_name = ?2, folded_name = ?3 WHERE id = ?1", caller.user, name,
                 tuition::folded(name));
    });
  }
  std::int64_t count(Sql sql) {
    return db->read([&](ReadTx& tx) { return tx.one<std::int64_t>(sql).value_or(0); });
  }
};

std::string drained(const http::Reply& reply) {
  std::string out;
  while (reply.stream->next(out)) {}
  return out;
}

}  // namespace

TEST_CASE("joining is for who may use the course, and once") {
  Office room;
  const auto guest = room.person();
  CHECK(enroll(room.learning, guest, "mine").error().code == "PAYMENT_REQUIRED");
  const auto joined = enroll(room.learning, guest, "free");
  REQUIRE(joined.ok());
  CHECK(joined->source == EnrollmentSource::free);
  CHECK(joined->status == EnrollmentStatus::active);
  CHECK(enroll(room.learning, guest, "free").error().code == "ALREADY_ENROLLED");
  CHECK(enroll(room.learning, room.subscriber(), "mine")->source == EnrollmentSource::purchase);
  CHECK(enroll(room.learning, guest, "none").error().kind == Kind::not_found);
}

TEST_CASE("who has joined goes on from there when saving") {
  Office room;
  const auto learner = room.subscriber();
  CHECK(enroll(room.learning, learner, "mine").ok());
  const auto saved = room.complete(learner, room.course().lessons[0]);
  REQUIRE(saved.ok());
  CHECK(saved->course.lessons_done == 1);
  CHECK(list_learners(room.learning, room.teacher, "mine", {})->rows.at(0).source == EnrollmentSource::purchase);
}

TEST_CASE("the list of learners is for who teaches the course") {
  Office room;
  const auto learner = room.subscriber();
  CHECK(room.complete(learner, room.course().lessons[0]).ok());
  for (const auto* caller : {&room.teacher, &room.admin}) {
    const auto list = list_learners(room.learning, *caller, "mine", {});
    REQUIRE(list.ok());
    REQUIRE(list->rows.size() == 1);
    CHECK(list->rows[0].user_id == learner.user);
    CHECK(list->rows[0].percent == 50);
    CHECK(list->rows[0].last_active_at == room.clock.now());
    CHECK(list->total == 1);
    const auto detail = get_learner(room.learning, *caller, "mine", learner.user);
    REQUIRE(detail.ok());
    REQUIRE(detail->lessons.size() == 2);
    CHECK(detail->lessons[0].completed);
    CHECK_FALSE(detail->lessons[1].updated_at);
  }
  CHECK(list_learners(room.learning, room.other_teacher, "mine", {}).error().kind == Kind::not_found);
  CHECK(get_learner(room.learning, room.other_teacher, "mine", learner.user).error().kind == Kind::not_found);
  CHECK(export_learners(room.learning, room.other_teacher, "mine").error().kind == Kind::not_found);
  CHECK(remove_learner(room.learning, room.other_teacher, "mine", learner.user).error().kind == Kind::not_found);
  CHECK(grant_course(room.learning, room.other_teacher, "mine", {.user_id = learner.user}).error().kind ==
        Kind::not_found);
  CHECK(get_learner(room.learning, room.teacher, "mine", room.person().user).error().kind == Kind::not_found);
}

TEST_CASE("the list is searched and read page by page, each learner once") {
  Office room;
  for (int i = 0; i < 7; ++i) {
    room.clock.pass(seconds(1));
    const auto learner = room.subscriber();
    room.name(learner, i == 3 ? "Zoë O'Neil" : "Learner " + std::to_string(i));
    CHECK(enroll(room.learning, learner, "mine").ok());
  }
  std::vector<std::string> seen;
  RosterForm form{.limit = 3};
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = list_learners(room.learning, room.teacher, "mine", form).value();
    CHECK(page.total == 7);
    for (const auto& each : page.rows) seen.push_back(each.name);
    if (!page.next) break;
    form.cursor = page.next;
  }
  REQUIRE(seen.size() == 7);
  CHECK(seen.front() == "Learner 6");
  CHECK(seen.back() == "Learner 0");
  CHECK(list_learners(room.learning, room.teacher, "mine", {.q = "Néil"})->rows.size() == 1);
  CHECK(list_learners(room.learning, room.teacher, "mine", {.q = "NEIL"})->rows.size() == 1);
  CHECK(list_learners(room.learning, room.teacher, "mine", {.q = "%"})->rows.empty());
  CHECK(list_learners(room.learning, room.teacher, "mine", {.cursor = "x"}).error().kind == Kind::invalid);
}

TEST_CASE("a course is opened to somebody, told once, and taken back") {
  Office room;
  const auto guest = room.person();
  const auto& lesson = room.course().lessons[0];
  CHECK(room.complete(guest, lesson).error().code == "PAYMENT_REQUIRED");
  const auto granted = grant_course(room.learning, room.teacher, "mine", {.email = guest.user.text() + "@X.example"});
  REQUIRE(granted.ok());
  CHECK(granted->source == EnrollmentSource::grant);
  CHECK(room.complete(guest, lesson).ok());
  CHECK(grant_course(room.learning, room.teacher, "mine", {.user_id = guest.user}).error().code == "ALREADY_ENROLLED");
  CHECK(room.count("SELECT COUNT(*) FROM email_messages WHERE template_key = 'course_given'") == 1);

  CHECK(remove_learner(room.learning, room.teacher, "mine", guest.user).ok());
  CHECK(room.complete(guest, room.course().lessons[1]).error().code == "PAYMENT_REQUIRED");
  CHECK(list_learners(room.learning, room.teacher, "mine", {})->rows.empty());
  CHECK(remove_learner(room.learning, room.teacher, "mine", guest.user).error().kind == Kind::not_found);
  // Given again, everything is as it was.
  CHECK(grant_course(room.learning, room.teacher, "mine", {.user_id = guest.user}).ok());
  CHECK(room.complete(guest, room.course().lessons[1])->course.completed);
}

TEST_CASE("a grant says whom, until when, and nobody who is not there") {
  Office room;
  const auto guest = room.person();
  CHECK(grant_course(room.learning, room.teacher, "mine", {}).error().fields[0].field == "userId");
  CHECK(grant_course(room.learning, room.teacher, "mine", {.email = "nobody@x.example"}).error().fields[0].field ==
        "email");
  CHECK(grant_course(room.learning, room.teacher, "mine", {.user_id = guest.user, .until = room.clock.now()})
            .error()
            .fields[0]
            .field == "until");
  CHECK(grant_course(room.learning, room.teacher, "mine", {.user_id = guest.user, .until = room.clock.now() + days(2)})
            .ok());
  CHECK(room.complete(guest, room.course().lessons[0]).ok());
  room.clock.pass(days(3));
  CHECK(room.complete(guest, room.course().lessons[1]).error().code == "PAYMENT_REQUIRED");
}

TEST_CASE("what somebody pays for is not taken away with the list") {
  Office room;
  const auto learner = room.subscriber();
  CHECK(room.complete(learner, room.course().lessons[0]).ok());
  CHECK(remove_learner(room.learning, room.teacher, "mine", learner.user).ok());
  CHECK(room.complete(learner, room.course().lessons[1])->course.completed);
}

TEST_CASE("the table of learners has no formulas in it") {
  Office room;
  const auto learner = room.subscriber();
  room.name(learner, "=HYPERLINK(\"http://x\")");
  CHECK(enroll(room.learning, learner, "mine").ok());
  const auto table = drained(export_learners(room.learning, room.teacher, "mine").value());
  CHECK(table.starts_with("userId,name,email,"));
  CHECK(table.find(",\"'=HYPERLINK(\"\"http://x\"\")\",") != std::string::npos);
  CHECK(table.ends_with("\r\n"));
}

TEST_CASE("somebody's progress is for themselves, administrators, and those who teach them") {
  Office room;
  const auto learner = room.subscriber();
  CHECK(room.complete(learner, room.course("mine").lessons[0]).ok());
  CHECK(room.complete(learner, room.course("others").lessons[0]).ok());
  CHECK(progress_of(room.learning, learner, learner.user)->courses.size() == 2);
  CHECK(progress_of(room.learning, room.admin, learner.user)->courses.size() == 2);
  const auto taught = progress_of(room.learning, room.teacher, learner.user);
  REQUIRE(taught->courses.size() == 1);
  CHECK(taught->courses[0].slug == "mine");
  CHECK(progress_of(room.learning, room.subscriber(), learner.user).error().kind == Kind::not_found);
  CHECK(progress_of(room.learning, room.teacher, room.subscriber().user).error().kind == Kind::not_found);
  CHECK(progress_of(room.learning, room.admin, UserId("none")).error().kind == Kind::not_found);
}

TEST_CASE("a course opens after the one it builds on") {
  Office room;
  const auto learner = room.subscriber();
  room.db->write([&](WriteTx& tx) {
    tx.execute("UPDATE courses SET rules_json = ?1 WHERE slug = 'others'",
               "{\"prerequisites\":[\"" + room.course("mine").id.text() + "\"]}");
    catalogue::changed(room.catalogue, tx);
  });
  room.shelf = catalogue::shelf(room.catalogue);
  const auto& lesson = room.course("others").lessons[0];
  const auto refused = room.complete(learner, lesson);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "LOCKED");
  CHECK(refused.error().fields[0].field == "courseId");
  CHECK(get_lesson(room.learning, learner, lesson.id).error().code == "LOCKED");
  CHECK(get_lesson(room.learning, room.teacher, lesson.id).ok());
  for (const auto& each : room.course("mine").lessons) CHECK(room.complete(learner, each).ok());
  CHECK(room.complete(learner, lesson).ok());
}

TEST_CASE("the list of learners walks along the course's own index, in its order") {
  Office office;
  for (const auto statement :
       {store::roster_statement(), store::roster_size_statement(), store::found_size_statement()}) {
    INFO(tests::query_plan(*office.db, statement));
    CHECK(tests::uses_index(*office.db, statement));
  }
  const auto plan = tests::query_plan(*office.db, store::roster_statement());
  INFO(plan);
  CHECK(plan.find("enrollments_in_order (course_id=? AND id<?)") != std::string::npos);
  CHECK(plan.find("TEMP B-TREE") == std::string::npos);
  CHECK(tests::uses_index(*office.db, store::last_attempts_statement()));
  CHECK(tests::uses_index(*office.db,
                          "SELECT scope_id FROM progress WHERE user_id = ?1 AND scope = 'lesson' AND course_id = ?2"));
  // The latest 5000, however many there are.
  const auto first = tests::query_plan(*office.db, store::first_attempts_statement());
  INFO(first);
  CHECK(first.find("quiz_attempts_first (quiz_id=?") != std::string::npos);
  CHECK(first.find("TEMP B-TREE") == std::string::npos);
}

TEST_CASE("who was taken off a course has what they did, and nowhere to go on") {
  Office room;
  const auto guest = room.person();
  CHECK(grant_course(room.learning, room.teacher, "mine", {.user_id = guest.user}).ok());
  CHECK(room.complete(guest, room.course().lessons[0]).ok());
  const auto card = [&] {
    const auto courses = list_courses(room.learning, guest, {}).value();
    for (const auto& each : courses.rows)
      if (each.slug == "mine") return each;
    return CourseCard{};
  };
  CHECK(card().progress->lessons_done == 1);
  CHECK(get_progress(room.learning, guest).courses.size() == 1);
  CHECK(get_course_progress(room.learning, guest, "mine")->next_lesson_id == room.course().lessons[1].id);

  CHECK(remove_learner(room.learning, room.teacher, "mine", guest.user).ok());
  CHECK_FALSE(card().progress);
  CHECK_FALSE(card().entitled);
  CHECK_FALSE(get_course(room.learning, guest, "mine")->progress);
  CHECK(get_progress(room.learning, guest).courses.empty());
  const auto done = get_course_progress(room.learning, guest, "mine").value();
  CHECK(done.lessons_done == 1);
  CHECK_FALSE(done.next_lesson_id);

  // Given again, it goes on where it stopped, and days are counted from now.
  room.clock.pass(days(3));
  CHECK(grant_course(room.learning, room.teacher, "mine", {.user_id = guest.user})->created_at == room.clock.now());
  CHECK(card().progress->lessons_done == 1);
  CHECK(get_course_progress(room.learning, guest, "mine")->next_lesson_id == room.course().lessons[1].id);
}

TEST_CASE("who begins again after being taken off waits again for what opens after days") {
  Office room;
  const auto learner = room.subscriber();
  CHECK(room.complete(learner, room.course("free").lessons[0]).ok());
  CHECK(remove_learner(room.learning, room.teacher, "free", learner.user).ok());
  room.clock.pass(days(3));
  CHECK(room.complete(learner, room.course("free").lessons[0]).ok());
  CHECK(list_learners(room.learning, room.teacher, "free", {})->rows.at(0).joined_at == room.clock.now());
}

TEST_CASE("the table of a quiz's results has a row for each question, and no formulas in it") {
  Office room;
  auto draft = course_of("quizzed", {module_of("m", 1, 1, {"quiz"})});
  draft.modules[0].lessons[0].quiz->questions[0].question = "=1+1 **is** \"two\"?";
  const auto quiz = room.put(draft).lessons[0].quiz;
  const auto learner = room.subscriber();
  const auto attempt = start_attempt(room.learning, learner, quiz).value();
  CHECK(submit_attempt(room.learning, learner, quiz, attempt.id).ok());
  const auto table = export_analysis(room.learning, room.teacher, quiz).value();
  CHECK(table.content_type == "text/csv; charset=utf-8");
  CHECK(table.body.starts_with(
      "number,questionId,kind,question,asked,answered,right,difficulty,discrimination,hint\r\n"));
  CHECK(table.body.ends_with(",\"number\",\"'=1+1 is \"\"two\"\"?\",1,0,0,0.0000,,\"\"\r\n"));
  CHECK_FALSE(export_analysis(room.learning, learner, quiz).ok());
  CHECK(export_analysis(room.learning, room.admin, catalogue::QuizId("none")).error().kind == Kind::not_found);
}

}  // namespace tuition::learning
