#include "learning/quizzes/item_analysis.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

namespace tuition::learning {
namespace {

// `right` of this question (1 point of 10), `rest` points of the other nine.
Sitting sitting(bool right, std::int64_t rest) { return {right, true, right ? 1 : 0, rest + (right ? 1 : 0), 10, 1}; }

}  // namespace

TEST_CASE("nothing is said about a question nobody was asked") {
  const auto item = analysed({});
  CHECK(item.asked == 0);
  CHECK_FALSE(item.difficulty);
  CHECK_FALSE(item.discrimination);
  CHECK_FALSE(hint_for(item));
}

TEST_CASE("difficulty is the share of right answers, and what was left out is wrong") {
  const auto item = analysed({sitting(true, 3), sitting(false, 3), {false, false, 0, 3, 10, 1}, sitting(true, 2)});
  CHECK(item.asked == 4);
  CHECK(item.answered == 3);
  CHECK(item.right == 2);
  CHECK(*item.difficulty == Catch::Approx(0.5));
  CHECK_FALSE(item.discrimination);  // four people say too little
}

TEST_CASE("discrimination is the correlation with the rest of the score") {
  std::vector<Sitting> telling;
  std::vector<Sitting> backwards;
  std::vector<Sitting> same;
  for (int i = 0; i < 20; ++i) {
    telling.push_back(sitting(i >= 10, i >= 10 ? 9 : 0));
    backwards.push_back(sitting(i < 10, i >= 10 ? 9 : 0));
    same.push_back(sitting(i % 2 == 0, 5));
  }
  CHECK(*analysed(telling).discrimination == Catch::Approx(1.0));
  CHECK_FALSE(hint_for(analysed(telling)));
  CHECK(*analysed(backwards).discrimination == Catch::Approx(-1.0));
  CHECK(hint_for(analysed(backwards))->find("is the right answer marked") != std::string_view::npos);
  CHECK_FALSE(analysed(same).discrimination);  // the rest tells nobody apart
}

TEST_CASE("what nearly everybody or hardly anybody gets right is pointed out") {
  std::vector<Sitting> hard;
  std::vector<Sitting> easy;
  for (int i = 0; i < 50; ++i) {
    hard.push_back(sitting(i == 49, i % 10));
    easy.push_back(sitting(true, i % 10));
  }
  CHECK(hint_for(analysed(hard))->starts_with("Hardly anybody"));
  CHECK(hint_for(analysed(easy))->starts_with("Nearly everybody"));
}

}  // namespace tuition::learning
