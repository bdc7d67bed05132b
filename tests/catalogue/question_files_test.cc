#include "catalogue/quizzes/question_files.h"

#include <catch2/catch_test_macros.hpp>
#include <map>

#include "catalogue/authoring/store_authoring.h"
#include "catalogue/folders/course_files.h"
#include "catalogue/library.h"
#include "catalogue/quizzes/question_editing.h"
#include "catalogue/quizzes/quizzes.h"

namespace tuition::catalogue {
namespace {

// A paid course of one quiz, whose only question shows a picture in its text and another in its explanation.
struct Examination : Library {
  std::string staff_png = tests::png(300, 200);
  std::string hint_png = tests::png(301, 200);
  std::string quiz_md =
      "---\ntitle: Quiz\nkind: quiz\npreview: false\npass_percent: 70\n---\n"
      "## What stands here: ![a staff](../media/staff.png)?\nkind: single\n- [x] C\n- [ ] D\n"
      "> Look again: ![a hint](../media/hint.png)\n";

  std::vector<PackageFile> folder(const std::string& quiz) {
    return {
        {"c/course.md",
         "---\nslug: c\ntitle: C\nsummary: S.\naccess: paid\naccent: violet\ninstructor: I\nlevel_gate: false\n---\n"},
        {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\npreview: false\n---\n"},
        {"c/01-m/01-q.md", quiz},
        {"c/media/hint.png", hint_png},
        {"c/media/staff.png", staff_png}};
  }
  Result<std::vector<Imported>> put(const std::string& quiz) {
    return import_courses(door, folder(quiz), Publish::yes);
  }
  LessonId lesson() {
    return db->read([](ReadTx& tx) { return *tx.one<LessonId>("SELECT id FROM lessons WHERE slug = 'q'"); });
  }
  Quiz asked() {
    return db->read(
        [](ReadTx& tx) { return *quiz(tx, *tx.one<QuizId>("SELECT id FROM quizzes ORDER BY created_at LIMIT 1")); });
  }
  std::map<std::string, std::string> written(const CourseId& course) {
    const auto whole = db->read([&](ReadTx& tx) { return whole_course(tx, course); });
    std::map<std::string, std::string> out;
    for (auto& each : write_course(whole.draft)) out.emplace(each.path, each.bytes);
    for (const auto& each : whole.files) {
      auto& bytes = out[each.path];
      while (blobs::read(*db, each.blob, bytes.size(), 1 << 20, bytes)) {}
    }
    return out;
  }
};

}  // namespace

TEST_CASE("a question shows the files of its course's folder, to who may open its lesson") {
  Examination room;
  const auto made = room.put(room.quiz_md);
  REQUIRE(made);
  const auto course = made->front().course;
  const auto staff = room.file_id(course, "media/staff.png");
  const auto hint = room.file_id(course, "media/hint.png");
  const auto quiz = room.asked();
  CHECK(quiz.questions[0].question_html.find("/api/media/" + staff.text()) != std::string::npos);
  CHECK(quiz.questions[0].explanation_html.find("/api/media/" + hint.text()) != std::string::npos);

  const auto who = room.learner();
  CHECK(room.open(who, staff).error().code == "PAYMENT_REQUIRED");
  room.subscribe(who);
  CHECK(room.open(who, staff));
  CHECK(room.open(who, hint));
  const auto admin = room.caller(room.person("admin@x.example", Role::admin), Role::admin);
  CHECK(delete_media(room.door, admin, staff).error().code == "MEDIA_IN_USE");
}

TEST_CASE("a course whose questions show files goes out and comes in byte for byte") {
  Examination room;
  const auto made = room.put(room.quiz_md);
  REQUIRE(made);
  const auto files = room.written(made->front().course);
  for (const auto& each : room.folder(room.quiz_md)) {
    CAPTURE(each.path);
    CHECK(files.at(std::string(each.path)) == each.bytes);
  }
  CHECK(files.size() == 5);
  CHECK(room.put(room.quiz_md)->front().change == Imported::Change::none);
}

TEST_CASE("a file that a question names must be there") {
  Examination room;
  auto quiz = room.quiz_md;
  quiz.replace(quiz.find("staff.png"), 9, "stave.png");
  const auto made = room.put(quiz);
  REQUIRE(!made);
  REQUIRE(made.error().fields.size() == 1);
  CHECK(made.error().fields[0].field == "c/01-m/01-q.md:1");
  CHECK(made.error().fields[0].reason == "media/stave.png is named here and not there");
}

TEST_CASE("a question that shows a file of the library stays itself on the way out and in") {
  Examination room;
  const auto course = room.put(room.quiz_md)->front().course;
  const auto admin = room.caller(room.person("admin@x.example", Role::admin), Role::admin);
  const auto chosen = room.upload(admin, Purpose::lesson, tests::png(77, 88), "Chosen one.png");
  const auto quiz = room.asked();
  QuestionForm form;
  form.kind = QuestionKind::single;
  form.question = "Which is it? ![this](/api/media/" + chosen->id.text() + ")";
  form.choices = std::vector<ChoiceForm>{{"C", true}, {"D", false}};
  const auto added = add_question(room.door, admin, quiz.id, form);
  REQUIRE(added);
  CHECK(delete_media(room.door, admin, chosen->id).error().code == "MEDIA_IN_USE");

  const auto out = room.written(course);
  CHECK(out.at("c/media/Chosen-one.png") == room.read(*chosen));
  CHECK(out.at("c/01-m/01-q.md").find("](../media/Chosen-one.png)") != std::string::npos);
  std::vector<PackageFile> again;
  for (const auto& [path, bytes] : out) again.push_back({path, bytes});
  REQUIRE(import_courses(room.door, again, Publish::yes));
  const auto now = room.asked();
  REQUIRE(now.questions.size() == 2);
  CHECK(now.questions[1].id == added->id);
  const auto own = room.file_id(course, "media/Chosen-one.png");
  CHECK(now.questions[1].question_html.find("/api/media/" + own.text()) != std::string::npos);
  CHECK(room.written(course) == out);
  // Nothing names the library's own copy any more.
  CHECK(delete_media(room.door, admin, chosen->id));
}

TEST_CASE("texts are the same when what they show is") {
  const auto content_of = [](std::string_view address) -> std::string {
    if (address == "../media/a.png" || address == "media/a.png" || address == "/api/media/1-2") return "[A]";
    return {};
  };
  CHECK(with_contents("![x](../media/a.png) and ![y](/api/media/1-2)", content_of) == "![x]([A]) and ![y]([A])");
  CHECK(with_contents("![x](media/a.png)", content_of) == "![x]([A])");
  CHECK(with_contents("![x](../media/b.png) media/ ../media/a.pngx", content_of) ==
        "![x](../media/b.png) media/ ../media/a.pngx");
  CHECK(with_contents("no files", content_of) == "no files");
}

}  // namespace tuition::catalogue
