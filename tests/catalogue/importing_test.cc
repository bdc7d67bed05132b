#include "catalogue/folders/importing.h"

#include <catch2/catch_test_macros.hpp>

#include "learning/classroom.h"
#include "uses_index.h"

namespace tuition::catalogue {
namespace {

using tests::Classroom;
using tests::course_of;
using tests::module_of;

std::vector<std::string> titles(const Course& course) {
  std::vector<std::string> out;
  for (const auto& lesson : course.lessons) out.push_back(lesson.title);
  return out;
}

}  // namespace

TEST_CASE("the demo school is imported, and a second time changes nothing") {
  Classroom room;
  std::vector<PackageFile> files;
  for (const auto& each : app::embedded_demo()) files.push_back({each.path, each.bytes});
  const auto first = import_courses(room.catalogue, files, Publish::yes);
  REQUIRE(first.ok());
  REQUIRE(first->size() == 2);
  const auto before = shelf(room.catalogue);
  CHECK(before->courses.size() == 2);
  const auto second = import_courses(room.catalogue, files, Publish::yes);
  REQUIRE(second.ok());
  for (const auto& each : *second) CHECK(each.change == Imported::Change::none);
  CHECK(shelf(room.catalogue) == before);
}

TEST_CASE("a draft is on no shelf") {
  Classroom room;
  REQUIRE(put_course(room.catalogue, course_of("c", {module_of("m", 1, 1, {"a"})}), Publish::no).ok());
  CHECK(shelf(room.catalogue)->courses.empty());
  REQUIRE(put_course(room.catalogue, course_of("c", {module_of("m", 1, 1, {"a"})}), Publish::yes).ok());
  CHECK(shelf(room.catalogue)->courses.size() == 1);
}

TEST_CASE("what has the same slug keeps its id, wherever it moves") {
  Classroom room;
  const auto first = room.put(course_of("c", {module_of("m", 1, 1, {"a", "b", "quiz"}), module_of("n", 2, 1, {"d"})}));
  const auto second = room.put(course_of("c", {module_of("n", 1, 1, {"quiz", "b", "e"}), module_of("m", 2, 1, {"a"})}));
  CHECK(titles(second) == std::vector<std::string>{"quiz", "b", "e", "a"});
  CHECK(second.id == first.id);
  CHECK(second.modules[0].id == first.modules[1].id);
  CHECK(second.lessons[0].id == first.lessons[2].id);
  CHECK(second.lessons[0].quiz == first.lessons[2].quiz);
  CHECK(second.lessons[1].id == first.lessons[1].id);
  CHECK(second.lessons[3].id == first.lessons[0].id);
  CHECK(second.revision > first.revision);
  CHECK(room.shelf->lesson(first.lessons[3].id) == nullptr);
}

TEST_CASE("a question keeps its id by its words, and one taken out stays readable") {
  Classroom room;
  auto draft = course_of("c", {module_of("m", 1, 1, {"quiz"})});
  auto& questions = draft.modules[0].lessons[0].quiz->questions;
  questions.push_back({QuestionKind::true_false, "Is it?", {"True", "False"}, "0", "", 1});
  const auto id = room.put(draft).lessons[0].quiz;
  const auto read = [&] { return *room.db->read([&](ReadTx& tx) { return quiz(tx, id); }); };
  const auto before = read();
  REQUIRE(before.questions.size() == 2);
  questions.erase(questions.begin());
  questions[0].correct_json = "1";
  room.put(draft);
  const auto after = read();
  REQUIRE(after.questions.size() == 1);
  CHECK(after.questions[0].id == before.questions[1].id);
  CHECK(after.questions[0].correct_json == "1");
  CHECK(room.db->read([&](ReadTx& tx) { return question(tx, id, before.questions[0].id); }).has_value());
}

TEST_CASE("of several courses with a problem in one none is imported") {
  Classroom room;
  const std::vector<PackageFile> files{
      {"c/course.md", "---\nslug: c\ntitle: C\nsummary: S.\naccess: free\ninstructor: I\n---\n"},
      {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\n---\n"},
      {"d/course.md", "nothing\n"}};
  CHECK_FALSE(import_courses(room.catalogue, files, Publish::yes).ok());
  CHECK(shelf(room.catalogue)->courses.empty());
}

TEST_CASE("the shelf says where everything stands") {
  Classroom room;
  const auto& course =
      room.put(course_of("c", {module_of("m", 1, 1, {"a", "b"}), module_of("n", 5, 2, {"d", "quiz"})}));
  CHECK(course.levels == std::vector<std::int64_t>{1, 2});
  CHECK(course.minutes == 20);
  CHECK(room.shelf->course(course.id.text()) == &course);
  CHECK(room.shelf->course("c") == &course);
  const auto* place = room.shelf->lesson(course.lessons[2].id);
  REQUIRE(place);
  CHECK(place->index == 2);
  CHECK(place->module().title == "Module n");
  CHECK(place->lesson().level == 2);
  CHECK(room.shelf->quiz(course.lessons[3].quiz)->index == 3);
  CHECK(room.shelf->lesson(LessonId("x")) == nullptr);
}

TEST_CASE("a lesson's text is found by index") {
  Classroom room;
  CHECK(tests::uses_index(*room.db, "SELECT body_html FROM lessons WHERE id = ?1"));
  CHECK(tests::uses_index(*room.db,
                          "SELECT id, kind, question, options_json, correct_answer, explanation, points FROM quiz_data "
                          "WHERE quiz_id = ?1 AND retired_at IS NULL ORDER BY order_index"));
}

}  // namespace tuition::catalogue
