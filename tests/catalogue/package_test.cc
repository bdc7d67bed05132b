#include "catalogue/folders/package.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "app/embedded.h"
#include "catalogue/quizzes/answer_keys.h"
#include "pictures.h"
#include "platform/base/text.h"
#include "platform/base/time.h"
#include "platform/crypto/hmac.h"

namespace tuition::catalogue {
namespace {

std::vector<PackageFile> demo() {
  std::vector<PackageFile> files;
  for (const auto& each : app::embedded_demo()) files.push_back({each.path, each.bytes});
  return files;
}

constexpr std::string_view course_md =
    "---\nslug: c\ntitle: C: a course\nsummary: S.\naccess: free\ninstructor: I\n---\nHello.\n";
constexpr std::string_view module_md = "---\ntitle: M\nlevel: 1\n---\n";
constexpr std::string_view lesson_md = "---\ntitle: L\nkind: text\n---\nText.\n";

// The problems of a one-lesson course with this file in place of its own.
std::vector<std::string> problems_with(std::string_view path, std::string_view bytes) {
  std::vector<PackageFile> files{
      {"c/course.md", course_md}, {"c/01-m/module.md", module_md}, {"c/01-m/01-l.md", lesson_md}};
  const auto found = std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == path; });
  if (found != files.end())
    found->bytes = bytes;
  else
    files.push_back({path, bytes});
  std::vector<std::string> out;
  const auto read = read_course(files);
  if (!read)
    for (const auto& each : read.error().fields) out.push_back(each.field);
  return out;
}

std::string quiz(const std::string& body) { return "---\ntitle: Q\nkind: quiz\n---\n" + body; }

}  // namespace

TEST_CASE("the demo courses are read whole") {
  const auto folders = courses_in(demo());
  REQUIRE(folders.size() == 2);
  for (const auto& folder : folders) {
    const auto course = read_course(folder);
    if (!course)
      for (const auto& each : course.error().fields) UNSCOPED_INFO(each.field << " " << each.reason);
    REQUIRE(course.ok());
    CHECK(course->modules.size() >= 2);
    CHECK_FALSE(course->body_md.empty());
  }
}

TEST_CASE("a course folder becomes a course") {
  std::vector<PackageFile> files{{"c/course.md", course_md},
                                 {"c/02-n/module.md", "---\ntitle: N\nlevel: 2\npreview: true\n---\nIntro.\n"},
                                 {"c/01-m/module.md", module_md},
                                 {"c/01-m/10-z.md", lesson_md},
                                 {"c/01-m/02-a.md",
                                  "---\ntitle: A\nkind: embed\npreview: true\nminutes: 2\n"
                                  "embed_url: https://player.vimeo.com/video/1\n---\n\n"},
                                 {"c/.DS_Store", "x"}};
  files[4].bytes.remove_suffix(1);
  const auto course = read_course(files);
  REQUIRE(course.ok());
  CHECK(course->title == "C: a course");
  CHECK(course->access == CourseAccess::free);
  CHECK(course->accent == Accent::violet);
  REQUIRE(course->modules.size() == 2);
  CHECK(course->modules[1].preview);
  CHECK(course->modules[1].body_md == "Intro.\n");
  REQUIRE(course->modules[0].lessons.size() == 2);
  CHECK(course->modules[0].lessons[0].slug == "a");
  CHECK(course->modules[0].lessons[0].duration_seconds == 120);
  CHECK(course->modules[0].lessons[0].embed_url == "https://player.vimeo.com/video/1");
  CHECK(course->modules[0].lessons[1].file_name == "10-z.md");
}

TEST_CASE("a quiz is read question by question") {
  const auto text = quiz(
      "Intro.\n\n## One?\nkind: single\npoints: 2\n- [ ] no\n- [x] *yes*\n> Because\n>  of `it`.\n\n"
      "## Many?\n- [x] a\n- [ ] b\n- [x] c\n\n## True?\nkind: true_false\n- [x] True\n- [ ] False\n\n"
      "## How much?\nkind: number\n= -4.50 ± 0.5\n\n"
      "## Name it\nkind: text\n\n```abc\n## no heading\n- [x] no option\n```\n\n= A | la \n> Yes.\n");
  std::vector<PackageFile> files{{"c/course.md", course_md}, {"c/01-m/module.md", module_md}, {"c/01-m/01-l.md", text}};
  const auto course = read_course(files);
  if (!course)
    for (const auto& each : course.error().fields) UNSCOPED_INFO(each.field << " " << each.reason);
  REQUIRE(course.ok());
  const auto& lesson = course->modules[0].lessons[0];
  CHECK(lesson.body_md == "Intro.\n");
  const auto& questions = lesson.quiz->questions;
  REQUIRE(questions.size() == 5);
  CHECK(questions[0].points == 2);
  CHECK(questions[0].correct_json == "1");
  CHECK(questions[0].explanation == "Because\n of `it`.");
  CHECK(questions[1].kind == QuestionKind::multiple);
  CHECK(questions[1].correct_json == "[0,2]");
  CHECK(questions[2].correct_json == "0");
  CHECK(questions[3].correct_json == R"({"value":"-4.50","tolerance":"0.5"})");
  CHECK(questions[4].question == "Name it\n\n```abc\n## no heading\n- [x] no option\n```");
  CHECK(questions[4].correct_json == R"(["A","la"])");
}

TEST_CASE("every problem names its file and line") {
  struct Row {
    const char* path;
    std::string bytes;
    std::vector<std::string> at;
  };
  const Row rows[] = {
      {"c/course.md", "no front matter\n", {"c/course.md:1"}},
      {"c/01-m/module.md", "---\ntitle: M\nlevel: 0\n---\n", {"c/01-m/module.md:3"}},
      {"c/00-n/module.md", "---\ntitle: N\nlevel: 2\n---\n", {"c/01-m/module.md:1"}},
      {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\ndrip_at: soon\n---\n", {"c/01-m/module.md:4"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\nrequires: m/x\n---\n", {"c/01-m/01-l.md:4"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\nrequires: m/l\n---\n", {"c/01-m/01-l.md:4"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\ncompletion: dwell\n---\n", {"c/01-m/01-l.md:1"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\nminutes: 2\nseconds: 90\n---\n", {"c/01-m/01-l.md:5"}},
      {"c/01-m/01-l.md", quiz("## Q\nkind: ordering\n- [1] a\n- [3] b\n"), {"c/01-m/01-l.md:8"}},
      {"c/01-m/01-l.md", quiz("## Q\nkind: matching\n- [=] a => b\n- [=] c\n"), {"c/01-m/01-l.md:8"}},
      {"c/01-m/module.md", "---\ntitle: M\nlevel: x\ncolour: red\n---\n", {"c/01-m/module.md:4", "c/01-m/module.md:3"}},
      {"c/01-m/01-l.md", "---\ntitle: L\ntitle: L\nkind: text\n---\n", {"c/01-m/01-l.md:3"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: dance\n---\n", {"c/01-m/01-l.md:3"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\n---\nText.", {"c/01-m/01-l.md:5"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\n---\nText.\n\n", {"c/01-m/01-l.md:6"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\n---\na\r\n\xff\n", {"c/01-m/01-l.md:5", "c/01-m/01-l.md:6"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: text\npass_percent: 7\n---\n", {"c/01-m/01-l.md:4"}},
      {"c/01-m/01-l.md", "---\ntitle: L\nkind: embed\nembed_url: https://evil.example/\n---\n", {"c/01-m/01-l.md:4"}},
      {"c/01-m/01-l.md", quiz("No question.\n"), {"c/01-m/01-l.md:5"}},
      {"c/01-m/01-l.md", quiz("## Q\n- [ ] a\n- [ ] b\n"), {"c/01-m/01-l.md:6"}},
      {"c/01-m/01-l.md", quiz("## Q\n= 4\n"), {"c/01-m/01-l.md:6"}},
      {"c/01-m/01-l.md", quiz("## Q\nkind: number\n= four\n"), {"c/01-m/01-l.md:7"}},
      {"c/01-m/01-l.md", quiz("## Q\n- [x] a\n- [ ] b\n\nstray\n"), {"c/01-m/01-l.md:9"}},
      {"c/01-m/02-l.md", std::string(lesson_md), {"c/01-m/02-l.md:1"}},
      {"c/01-m/1-x.md", std::string(lesson_md), {"c/01-m/1-x.md:1"}},
      {"c/notes.txt", "x", {"c/notes.txt:1"}},
      {"c/02-n/01-l.md", std::string(lesson_md), {"c/02-n/module.md:1"}},
  };
  for (const auto& row : rows) {
    INFO(row.path << "\n" << row.bytes);
    CHECK(problems_with(row.path, row.bytes) == row.at);
  }
}

TEST_CASE("the demo courses come back byte for byte") {
  for (const auto& folder : courses_in(demo())) {
    const auto draft = read_course(folder);
    REQUIRE(draft);
    const auto written = write_course(*draft);
    // Texts; what else is in the folder is handed out as it is (media_test.cc).
    const auto texts =
        std::count_if(folder.begin(), folder.end(), [](const PackageFile& file) { return file.path.ends_with(".md"); });
    CHECK(static_cast<std::ptrdiff_t>(written.size()) == texts);
    for (const auto& file : folder) {
      if (!file.path.ends_with(".md")) continue;
      INFO(file.path);
      const auto same =
          std::find_if(written.begin(), written.end(), [&](const auto& each) { return each.path == file.path; });
      REQUIRE(same != written.end());
      CHECK(same->bytes == file.bytes);
    }
  }
}

TEST_CASE("everything a course can say stands in its folder") {
  CourseDraft course;
  course.slug = "c";
  course.title = "Everything";
  course.summary = "All of it.";
  course.instructor = "Ines: Calder";
  course.category = "music";
  course.certificate = true;
  course.certificate_months = 24;
  course.waits_for = {"before", "and-this"};
  course.level_gate = true;
  course.body_md = "About.\n";
  ModuleDraft module;
  module.slug = "m";
  module.order_index = 7;
  module.title = "M";
  module.drip_days = 3;
  module.drip_at = parse_instant("2026-09-01T08:00:00Z").value();
  LessonDraft film;
  film.slug = "film";
  film.order_index = 1;
  film.title = "Film";
  film.kind = LessonKind::embed;
  film.embed_url = "https://player.vimeo.com/video/1";
  film.duration_seconds = 90;
  film.rules = {.completion = Completion::watched, .watched_percent = 80, .drip_days = 2};
  LessonDraft quiz;
  quiz.slug = "quiz";
  quiz.order_index = 120;
  quiz.title = "Quiz";
  quiz.kind = LessonKind::quiz;
  quiz.downloadable = true;
  quiz.body_md = "Now you.\n";
  quiz.waits_for = {"m/film"};
  quiz.quiz = QuizDraft{60, 3, {}, 600, true, Feedback::after, true, 2};
  QuestionDraft order{QuestionKind::ordering, "Order these.\n\n```abc\nX:1\nK:C\nA4 |]\n```", {}, {}, "Why\n\nso.", 5};
  keep_order({"first", "second", "third"}, order);
  QuestionDraft pairs{QuestionKind::matching, "Match these.", {}, {}, "", 1};
  keep_pairs({{"A", "440"}, {"B", "494"}, {"H", "494"}}, pairs);
  static const auto picture = tests::png(30, 20);
  pairs.file = "media/staff.png";
  course.files.push_back({pairs.file, to_hex(bytes_of(crypto::sha256(picture))), picture});
  quiz.quiz->questions = {order, pairs};
  module.lessons = {film, quiz};
  course.modules = {module};

  const auto written = write_course(course);
  REQUIRE(written.size() == 4);
  CHECK(written[0].path == "c/07-m/01-film.md");
  CHECK(written[1].path == "c/07-m/120-quiz.md");
  std::vector<PackageFile> files;
  for (const auto& each : written) files.push_back({each.path, each.bytes});
  files.push_back({"c/media/staff.png", picture});
  const auto read = read_course(files);
  REQUIRE(read);
  course.modules[0].file_name = "07-m";
  course.modules[0].lessons[0].file_name = "01-film.md";
  course.modules[0].lessons[1].file_name = "120-quiz.md";
  CHECK(*read == course);
  CHECK(write_course(*read)[2].bytes == written[2].bytes);
}

TEST_CASE("what a question shows is there, and a picture or a recording") {
  static const auto picture = tests::png(30, 20);
  const auto with = [](const std::string& attributes, const std::string& front = "") {
    static std::vector<std::string> kept;
    kept = {"---\nslug: c\ntitle: C\naccess: free\n" + front + "---\n",
            "---\ntitle: Q\nkind: quiz\n---\n## What is it?\n" + attributes + "- [x] a\n- [ ] b\n"};
    return read_course({{"c/course.md", kept[0]},
                        {"c/01-m/module.md", "---\ntitle: M\nlevel: 1\n---\n"},
                        {"c/01-m/01-q.md", kept[1]},
                        {"c/media/staff.png", picture},
                        {"c/media/notes.txt", "Notes.\n"}});
  };
  const auto fine = with("kind: single\nfile: media/staff.png\n");
  REQUIRE(fine);
  CHECK(fine->modules[0].lessons[0].quiz->questions[0].file == "media/staff.png");
  CHECK(with("file: media/none.png\n").error().fields.front().field == "c/01-m/01-q.md:6");
  CHECK(with("file: media/notes.txt\n").error().fields.front().field == "c/01-m/01-q.md:6");
  CHECK(with("file: media/staff.png\nfile: media/staff.png\n").error().fields.front().field == "c/01-m/01-q.md:7");

  CHECK(with("", "requires: a, b\n")->waits_for == std::vector<std::string>{"a", "b"});
  for (const auto* bad : {"requires: A\n", "requires: a,, b\n", "requires: c\n", "requires: a, a\n",
                          "certificate_months: 0\n", "certificate_months: 601\n"}) {
    INFO(bad);
    CHECK(with("", bad).error().fields.front().field == "c/course.md:5");
  }
}

}  // namespace tuition::catalogue
