#include "learning/quizzes/question_order.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>

#include "learning/quizzes/dice.h"
#include "learning/quizzes/grading.h"

namespace tuition::learning {
namespace {

using catalogue::Question;
using catalogue::QuestionId;
using catalogue::QuestionKind;
using catalogue::Quiz;

Quiz quiz_of(std::size_t count, bool shuffle, std::optional<std::int64_t> draw) {
  Quiz quiz;
  quiz.shuffle = shuffle;
  quiz.draw = draw;
  for (std::size_t i = 0; i < count; ++i) {
    Question question;
    question.id = QuestionId("q" + std::to_string(i));
    question.kind = QuestionKind::single;
    question.options = {"a", "b", "c", "d"};
    question.correct_json = "2";
    quiz.questions.push_back(question);
  }
  return quiz;
}

std::vector<std::string> ids_of(const std::vector<Asked>& asked) {
  std::vector<std::string> ids;
  for (const auto& each : asked) ids.push_back(each.question.text());
  return ids;
}

}  // namespace

TEST_CASE("a plain quiz is asked as its author wrote it") {
  const auto asked = asked_of(quiz_of(4, false, {}), 1);
  CHECK(ids_of(asked) == std::vector<std::string>{"q0", "q1", "q2", "q3"});
  for (const auto& each : asked) CHECK(each.shown.empty());
}

TEST_CASE("a draw asks so many different questions, each as often as any other") {
  const auto quiz = quiz_of(10, false, 3);
  std::map<std::string, int> times;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto ids = ids_of(asked_of(quiz, seed));
    REQUIRE(ids.size() == 3);
    REQUIRE(std::set<std::string>(ids.begin(), ids.end()).size() == 3);
    REQUIRE(std::is_sorted(ids.begin(), ids.end()));
    for (const auto& each : ids) ++times[each];
  }
  for (const auto& [id, count] : times) {
    CAPTURE(id);
    CHECK(count > 500);
    CHECK(count < 700);
  }
  CHECK(asked_of(quiz_of(2, false, 5), 1).size() == 2);
}

TEST_CASE("shuffling moves questions and options, and answers follow what was shown") {
  const auto quiz = quiz_of(5, true, {});
  std::set<std::vector<std::string>> orders;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto asked = asked_of(quiz, seed);
    orders.insert(ids_of(asked));
    for (const auto& each : asked) {
      auto shown = each.shown;
      std::sort(shown.begin(), shown.end());
      REQUIRE(shown == std::vector<std::int64_t>{0, 1, 2, 3});
      // The right option, wherever it is shown, is right; any other is not.
      for (std::size_t place = 0; place < each.shown.size(); ++place) {
        const auto grade = learning::grade(quiz.questions[0], as_author(each, std::to_string(place)));
        REQUIRE(grade->correct == (each.shown[place] == 2));
      }
    }
    CHECK(read_order(kept_order(asked)) == asked);
  }
  CHECK(orders.size() > 50);
}

TEST_CASE("an ordering is never shown as its answer") {
  Quiz quiz;
  quiz.shuffle = true;
  Question question;
  question.id = QuestionId("q");
  question.kind = QuestionKind::ordering;
  question.options = {"c", "a", "b"};
  question.correct_json = "[1,2,0]";
  quiz.questions.push_back(question);
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto asked = asked_of(quiz, seed).front();
    CHECK_FALSE(grade(question, as_author(asked, "[0,1,2]"))->correct);
    std::vector<std::int64_t> right;
    for (const auto option : {1, 2, 0})
      right.push_back(std::find(asked.shown.begin(), asked.shown.end(), option) - asked.shown.begin());
    const auto answer =
        "[" + std::to_string(right[0]) + "," + std::to_string(right[1]) + "," + std::to_string(right[2]) + "]";
    CHECK(grade(question, as_author(asked, answer))->correct);
  }
}

TEST_CASE("attempts that kept the questions' ids alone are read") {
  const auto asked = read_order(R"(["q1","q0"])");
  CHECK(ids_of(asked) == std::vector<std::string>{"q1", "q0"});
  CHECK(find_asked(asked, QuestionId("q0")));
  CHECK_FALSE(find_asked(asked, QuestionId("q")));
  CHECK(as_author(asked[0], "3") == "3");
  CHECK(as_author({QuestionId("q"), {1, 0}}, "7") == "7");
  CHECK(as_author({QuestionId("q"), {1, 0}}, "\"x\"") == "\"x\"");
}

}  // namespace tuition::learning
