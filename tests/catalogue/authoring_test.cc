#include "catalogue/authoring/authoring.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "catalogue/authoring/course_terms.h"
#include "catalogue/authoring/outlining.h"
#include "catalogue/authoring/store_authoring.h"
#include "catalogue/quizzes/question_editing.h"
#include "learning/classroom.h"
#include "learning/figures.h"
#include "uses_index.h"

namespace tuition::catalogue {
namespace {

using tests::Classroom;

struct Studio {
  Studio() {
    room.catalogue.has_learners = [](ReadTx& tx, const CourseId& id) { return learning::has_learners(tx, id); };
    room.catalogue.has_attempts = [](ReadTx& tx, const QuizId& id) { return learning::has_attempts(tx, id); };
  }

  CourseSource course(const std::string& title = "Course") {
    CourseForm form;
    form.title = title;
    form.summary = "What it is about.";
    return create_course(room.catalogue, teacher, form).value();
  }
  ModuleSource module(const CourseId& course, const std::string& title = "Module") {
    ModuleForm form;
    form.title = title;
    return create_module(room.catalogue, teacher, course, form).value();
  }
  LessonSource lesson(const ModuleId& module, const std::string& title = "Lesson", LessonKind kind = LessonKind::text) {
    LessonForm form;
    form.title = title;
    form.kind = kind;
    form.body_markdown = "Text.";
    return create_lesson(room.catalogue, teacher, module, form).value();
  }
  CourseSource now(const CourseId& id) { return course_source(room.catalogue, teacher, id).value(); }

  Classroom room{};
  Caller teacher = room.person(Role::instructor);
  Caller colleague = room.person(Role::instructor);
};

std::vector<std::string> lessons_of(const CourseSource& course) {
  std::vector<std::string> ids;
  for (const auto& module : course.modules)
    for (const auto& lesson : module.lessons) ids.push_back(module.id.text() + " " + lesson.id.text());
  return ids;
}

}  // namespace

TEST_CASE("what is somebody else's to teach is not there, and administrators work on everything") {
  Studio studio;
  const auto course = studio.course();
  const auto module = studio.module(course.id);
  const auto lesson = studio.lesson(module.id);
  const auto quiz = *studio.lesson(module.id, "Quiz", LessonKind::quiz).quiz;
  auto& door = studio.room.catalogue;
  struct Row {
    Caller caller;
    bool may;
  };
  const Row rows[] = {{studio.teacher, true},    {system_caller(), true},       {studio.room.person(Role::admin), true},
                      {studio.colleague, false}, {studio.room.person(), false}, {Caller{}, false}};
  for (const auto& [caller, may] : rows) {
    const auto answers = [&, may = may](const auto& result) {
      CHECK(result.ok() == may);
      if (!result) CHECK(result.error().kind == Kind::not_found);
    };
    CourseForm course_form;
    course_form.title = course.title;
    ModuleForm module_form;
    module_form.title = module.title;
    LessonForm lesson_form;
    lesson_form.title = lesson.title;
    QuizForm quiz_form;
    quiz_form.title = "Quiz";
    answers(course_source(door, caller, course.id));
    answers(change_course(door, caller, course.slug, course_form));
    answers(module_source(door, caller, module.id));
    answers(change_module(door, caller, module.id, module_form));
    answers(lesson_source(door, caller, lesson.id));
    answers(change_lesson(door, caller, lesson.id, lesson_form));
    answers(quiz_source(door, caller, quiz));
    answers(change_quiz(door, caller, quiz, quiz_form));
    answers(question_bank(door, caller, course.id, {}));
  }
  CHECK(create_course(door, studio.room.person(), {.title = "x"}).error().kind == Kind::forbidden);
}

TEST_CASE("of two changes that began with the same, the second is refused and changes nothing") {
  Studio studio;
  const auto course = studio.course();
  const auto lesson = studio.lesson(studio.module(course.id).id);
  LessonForm first;
  first.title = "First";
  first.revision = lesson.revision;
  auto second = first;
  second.title = "Second";
  REQUIRE(change_lesson(studio.room.catalogue, studio.teacher, lesson.id, first));
  const auto refused = change_lesson(studio.room.catalogue, studio.teacher, lesson.id, second);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "EDITED_MEANWHILE");
  CHECK(refused.error().fields.front().reason == "2");
  CHECK(lesson_source(studio.room.catalogue, studio.teacher, lesson.id)->title == "First");
  second.revision = 2;
  CHECK(change_lesson(studio.room.catalogue, studio.teacher, lesson.id, second)->title == "Second");
}

TEST_CASE("any order of all lessons is taken, and any other list moves nothing") {
  Studio studio;
  const auto course = studio.course();
  std::vector<ModuleId> modules;
  std::vector<std::string> lessons;
  for (int i = 0; i < 3; ++i) {
    modules.push_back(studio.module(course.id).id);
    for (int j = 0; j < 4; ++j) lessons.push_back(studio.lesson(modules.back()).id.text());
  }
  const auto elsewhere = studio.lesson(studio.module(studio.course().id).id).id.text();
  std::mt19937 chance(20261128);  // the same every time
  for (int round = 0; round < 60; ++round) {
    INFO(round);
    const auto& module = modules[chance() % 3];
    OrderForm form;
    for (const auto& each : studio.now(course.id).modules)
      for (const auto& lesson : each.lessons)
        if (each.id == module || chance() % 4 == 0) form.ids.push_back(lesson.id.text());
    std::shuffle(form.ids.begin(), form.ids.end(), chance);
    const auto before = lessons_of(studio.now(course.id));
    auto wrong = form;
    switch (chance() % 3) {
      case 0: wrong.ids.push_back(elsewhere); break;
      case 1: wrong.ids.push_back(form.ids.empty() ? elsewhere : form.ids.front()); break;
      default: wrong.ids.push_back("no id");
    }
    const auto refused = reorder_lessons(studio.room.catalogue, studio.teacher, module, wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::unprocessable);
    CHECK(lessons_of(studio.now(course.id)) == before);

    const auto done = reorder_lessons(studio.room.catalogue, studio.teacher, module, form);
    REQUIRE(done);
    for (const auto& each : done->modules) {
      if (each.id != module) continue;
      std::vector<std::string> ids;
      for (const auto& lesson : each.lessons) ids.push_back(lesson.id.text());
      CHECK(ids == form.ids);
    }
    CHECK(lessons_of(*done).size() == lessons.size());
  }
}

TEST_CASE("the shelf follows every change once it is committed") {
  Studio studio;
  auto& door = studio.room.catalogue;
  const auto course = studio.course();
  const auto module = studio.module(course.id);
  const auto lesson = studio.lesson(module.id);
  CHECK(shelf(door)->course(course.slug) == nullptr);
  REQUIRE(publish_course(door, studio.teacher, course.id, {}));
  CHECK(shelf(door)->lesson(lesson.id) != nullptr);
  const auto second = studio.lesson(module.id, "Second");
  CHECK(shelf(door)->lesson(second.id) != nullptr);
  CHECK(shelf(door)->course(course.slug)->revision > 1);
  REQUIRE(remove_lesson(door, studio.teacher, lesson.id, {}));
  CHECK(shelf(door)->lesson(lesson.id) == nullptr);
  REQUIRE(withdraw_course(door, studio.teacher, course.id, {}));
  CHECK(shelf(door)->course(course.slug) == nullptr);
}

TEST_CASE("what learners would stumble over keeps a course from being published") {
  Studio studio;
  auto& door = studio.room.catalogue;
  const auto missing = [&](const CourseId& id) {
    const auto tried = publish_course(door, studio.teacher, id, {});
    std::vector<std::string> fields;
    if (!tried)
      for (const auto& each : tried.error().fields) fields.push_back(each.field);
    return fields;
  };
  CourseForm bare;
  bare.title = "Bare";
  CHECK(missing(create_course(door, studio.teacher, bare)->id) == std::vector<std::string>{"summary", "modules"});
  const auto course = studio.course();
  const auto module = studio.module(course.id);
  CHECK(missing(course.id) == std::vector<std::string>{"modules[0]"});
  const auto quiz = *studio.lesson(module.id, "Quiz", LessonKind::quiz).quiz;
  LessonForm empty;
  empty.title = "Empty";
  REQUIRE(create_lesson(door, studio.teacher, module.id, empty));
  CHECK(missing(course.id) == std::vector<std::string>{"modules[0].lessons[0]", "modules[0].lessons[1]"});
  QuestionForm question;
  question.kind = QuestionKind::text;
  question.question = "Which?";
  question.accepted = {"this"};
  REQUIRE(add_question(door, studio.teacher, quiz, question));
  CHECK(missing(course.id) == std::vector<std::string>{"modules[0].lessons[1]"});
}

TEST_CASE("a teacher who leaves leaves the courses to the school") {
  Studio studio;
  const auto course = studio.course();
  studio.room.db->write([&](WriteTx& tx) { forget_person(tx, studio.teacher.user); });
  const auto left = course_source(studio.room.catalogue, system_caller(), course.id);
  REQUIRE(left);
  CHECK_FALSE(left->instructor);
  CHECK_FALSE(left->instructor_name);
}

TEST_CASE("a course waits for others that its teacher can see, and never for itself") {
  Studio studio;
  auto& door = studio.room.catalogue;
  const auto first = studio.course("First");
  const auto second = studio.course("Second");
  CourseForm form;
  form.title = "Second";
  form.prerequisites = {first.id};
  form.certificate = true;
  form.certificate_months = 24;
  const auto made = change_course(door, studio.teacher, second.id.text(), form);
  REQUIRE(made);
  REQUIRE(made->prerequisites.size() == 1);
  CHECK(made->prerequisites.front().id == first.id);
  CHECK(made->prerequisites.front().title == "First");
  CHECK(made->certificate_months == 24);
  const auto terms = studio.room.db->read([&](ReadTx& tx) { return course_terms(tx, second.id); });
  CHECK(terms->certificate_months == 24);
  CHECK(terms->prerequisites == std::vector{first.id});

  const auto refused = [&](const CourseId& course, std::vector<CourseId> before, const Caller& who) {
    CourseForm bad;
    bad.title = "Bad";
    bad.prerequisites = std::move(before);
    const auto answer = change_course(door, who, course.text(), bad);
    return !answer && !answer.error().fields.empty() && answer.error().fields.front().field == "prerequisites";
  };
  CHECK(refused(first.id, {second.id}, studio.teacher));
  CHECK(refused(first.id, {first.id}, studio.teacher));
  CHECK(refused(second.id, {first.id, first.id}, studio.teacher));
  CHECK(refused(second.id, {CourseId("0190b6f0-0000-7000-8000-000000000000")}, studio.teacher));
  // A colleague's draft is not there, what the colleague has published is.
  CourseForm theirs;
  theirs.title = "Theirs";
  theirs.summary = "S.";
  const auto draft = create_course(door, studio.colleague, theirs).value();
  CHECK(refused(second.id, {draft.id}, studio.teacher));
  ModuleForm module;
  module.title = "M";
  const auto at = create_module(door, studio.colleague, draft.id, module).value();
  LessonForm lesson;
  lesson.title = "L";
  lesson.body_markdown = "Text.";
  REQUIRE(create_lesson(door, studio.colleague, at.id, lesson));
  REQUIRE(publish_course(door, studio.colleague, draft.id, {}));
  form.prerequisites = {draft.id};
  CHECK(change_course(door, studio.teacher, second.id.text(), form));

  // What waits for nothing again, and one that is gone.
  form.prerequisites = {};
  form.certificate_months = {};
  const auto bare = change_course(door, studio.teacher, second.id.text(), form);
  CHECK(bare->prerequisites.empty());
  CHECK(!bare->certificate_months);
  form.prerequisites = {first.id};
  REQUIRE(change_course(door, studio.teacher, second.id.text(), form));
  REQUIRE(remove_course(door, studio.teacher, first.id.text()));
  CHECK(studio.now(second.id).prerequisites.empty());
}

TEST_CASE("the studio's lists walk along indexes") {
  Studio studio;
  auto& db = *studio.room.db;
  const auto own = tests::query_plan(db, store::studio_statement(store::Whose::own));
  INFO(own);
  CHECK(tests::uses_index(db, store::studio_statement(store::Whose::own)));
  CHECK(own.find("courses_by_instructor") != std::string::npos);
  CHECK(tests::uses_index(db, store::studio_count_statement(store::Whose::own)));
  // An administrator's list is of everybody's, in the order of the index: nothing is sorted for a page of it.
  const auto all = tests::query_plan(db, store::studio_statement(store::Whose::everybodys));
  INFO(all);
  CHECK(tests::uses_index(db, store::studio_statement(store::Whose::everybodys)));
  CHECK(all.find("courses_by_change") != std::string::npos);
  CHECK(all.find("TEMP B-TREE") == std::string::npos);
  CHECK(tests::uses_index(
      db,
      "SELECT d.id, d.quiz_id, q.title, d.kind, d.question, d.points, d.retired_at IS NOT NULL "
      "FROM content_modules m JOIN quiz_data d ON d.module_id = m.id JOIN quizzes q ON q.id = d.quiz_id "
      "WHERE m.course_id = ?1 AND d.id > ?3 AND instr(lower(d.question), lower(?2)) > 0 ORDER BY d.id LIMIT ?4"));
}

}  // namespace tuition::catalogue
