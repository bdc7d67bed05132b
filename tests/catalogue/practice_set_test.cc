#include "catalogue/quizzes/practice_set.h"

#include <catch2/catch_test_macros.hpp>

#include "catalogue/markdown.h"

namespace tuition::catalogue {

TEST_CASE("a practice lesson says what it asks in a fence of its text") {
  const std::string body =
      "Listen first.\n\n```practice\nexercises: 12\npass: 75\n- interval, level 2, C4 to C6\n- chord\n- rhythm, level "
      "3\n"
      "- note, F#3 to Bb5\n```\n\nThen rest.\n";
  std::vector<PracticeProblem> problems;
  const auto set = read_practice_set(body, problems);
  REQUIRE(set);
  CHECK(problems.empty());
  CHECK(set->exercises == 12);
  CHECK(set->pass_percent == 75);
  REQUIRE(set->specs.size() == 4);
  CHECK(set->specs[0] == ExerciseSpec{ExerciseKind::interval, 2, 60, 84});
  CHECK(set->specs[1].kind == ExerciseKind::chord);
  CHECK(set->specs[2].level == 3);
  CHECK(set->specs[3].low == 54);
  CHECK(set->specs[3].high == 82);
  const auto html = to_html(body).value();
  CHECK(html == "<p>Listen first.</p>\n<p>Then rest.</p>\n");
}

TEST_CASE("what is wrong with a practice fence is said with its line") {
  const struct {
    const char* body;
    std::int64_t line;
  } cases[] = {
      {"No fence.\n", 1},
      {"```practice\n- interval\n", 1},
      {"```practice\n```\n", 1},
      {"```practice\n- melody\n```\n", 2},
      {"```practice\n- interval, level 4\n```\n", 2},
      {"```practice\n- interval, C4 to D4\n```\n", 2},
      {"```practice\n- interval, H4 to C6\n```\n", 2},
      {"```practice\n- rhythm, C4 to C6\n```\n", 2},
      {"```practice\nexercises: 0\n- chord\n```\n", 2},
      {"```practice\nexercises: 51\n- chord\n```\n", 2},
      {"```practice\npass: 101\n- chord\n```\n", 2},
      {"```practice\n- chord\nsomething\n```\n", 3},
      {"```practice\n- chord\n```\n```practice\n- chord\n```\n", 4},
  };
  for (const auto& each : cases) {
    CAPTURE(each.body);
    std::vector<PracticeProblem> problems;
    CHECK_FALSE(read_practice_set(each.body, problems));
    REQUIRE_FALSE(problems.empty());
    CHECK(problems.front().line == each.line);
  }
}

TEST_CASE("pitches are read by their names") {
  CHECK(read_pitch("C4") == 60);
  CHECK(read_pitch("A4") == 69);
  CHECK(read_pitch("F#3") == 54);
  CHECK(read_pitch("Bb2") == 46);
  CHECK(read_pitch("C8") == 108);
  for (const auto* each : {"", "C", "H4", "c4", "C9", "Cx4", "C44", "B8", "Cb1"}) {
    CAPTURE(each);
    CHECK_FALSE(read_pitch(each));
  }
}

}  // namespace tuition::catalogue
