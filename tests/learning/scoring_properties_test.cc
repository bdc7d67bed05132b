// What must hold for any question and any answer, and for any reports in any order. A run prints its seed; SCORING_SEED
// repeats one.

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <random>

#include "learning/progress/advance.h"
#include "learning/progress/completion.h"
#include "learning/quizzes/dice.h"
#include "learning/quizzes/grading.h"
#include "platform/base/text.h"

namespace tuition::learning {
namespace {

using catalogue::Question;
using catalogue::QuestionKind;

std::uint64_t seed_of_this_run() {
  if (const char* given = std::getenv("SCORING_SEED"))
    if (const auto seed = parse_integer(given)) return static_cast<std::uint64_t>(*seed);
  return std::random_device{}();
}

std::string listed(const std::vector<std::int64_t>& numbers) {
  std::string out = "[";
  for (const auto each : numbers) out += (out.size() > 1 ? "," : "") + std::to_string(each);
  return out + "]";
}

std::vector<std::int64_t> counted(std::size_t size) {
  std::vector<std::int64_t> all(size);
  for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<std::int64_t>(i);
  return all;
}

Question choices(QuestionKind kind, std::size_t options, std::string correct, std::int64_t points) {
  Question question;
  question.kind = kind;
  for (std::size_t i = 0; i < options; ++i) question.options.push_back("option " + std::to_string(i));
  question.correct_json = std::move(correct);
  question.points = points;
  return question;
}

}  // namespace

TEST_CASE("a multiple choice is won by exactly the right ticks, and ticking everything never wins") {
  const auto seed = seed_of_this_run();
  INFO("SCORING_SEED=" << seed);
  Dice dice(seed);
  for (int round = 0; round < 2000; ++round) {
    const auto options = static_cast<std::size_t>(2 + dice.below(7));
    std::vector<std::int64_t> right;
    for (const auto each : counted(options))
      if (dice.below(2) == 1) right.push_back(each);
    // Where everything is right, ticking everything is the answer.
    if (right.empty() || right.size() == options) right = {dice.below(static_cast<std::int64_t>(options))};
    const auto question = choices(QuestionKind::multiple, options, listed(right), 1 + dice.below(9));
    REQUIRE(grade(question, listed(counted(options)))->points == 0);
    auto shuffled = right;
    dice.shuffle(shuffled);
    REQUIRE(grade(question, listed(shuffled))->points == question.points);
    std::vector<std::int64_t> ticked;
    for (const auto each : counted(options))
      if (dice.below(2) == 1) ticked.push_back(each);
    const auto given = grade(question, listed(ticked), Marks::negative);
    REQUIRE(given->correct == (ticked == right));
    REQUIRE(given->points == (ticked == right ? question.points : -question.points));
  }
}

TEST_CASE("an ordering is won by one order, a matching by one set of pairs") {
  const auto seed = seed_of_this_run();
  INFO("SCORING_SEED=" << seed);
  Dice dice(seed);
  for (int round = 0; round < 1000; ++round) {
    const auto size = static_cast<std::size_t>(2 + dice.below(6));
    auto right = counted(size);
    dice.shuffle(right);
    const auto ordering = choices(QuestionKind::ordering, size, listed(right), 3);
    auto order = counted(size);
    dice.shuffle(order);
    REQUIRE(grade(ordering, listed(right))->correct);
    REQUIRE(grade(ordering, listed(order))->correct == (order == right));
    REQUIRE_FALSE(grade(ordering, listed(std::vector<std::int64_t>(size, 0))).ok());
    REQUIRE_FALSE(grade(ordering, listed(counted(size - 1))).ok());

    std::string texts = "[";
    for (std::size_t i = 0; i < size; ++i) texts += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\"";
    std::vector<std::int64_t> pairs;
    for (std::size_t i = 0; i < size; ++i) pairs.push_back(dice.below(static_cast<std::int64_t>(size)));
    const auto matching =
        choices(QuestionKind::matching, size, "{\"choices\":" + texts + "],\"pairs\":" + listed(pairs) + "}", 2);
    REQUIRE(grade(matching, listed(pairs))->correct);
    auto wrong = pairs;
    wrong[0] = (wrong[0] + 1) % static_cast<std::int64_t>(size);
    REQUIRE_FALSE(grade(matching, listed(wrong))->correct);
    // The same choice for everything wins only where it belongs to everything.
    const std::vector<std::int64_t> same(size, pairs[0]);
    REQUIRE(grade(matching, listed(same))->correct == (same == pairs));
  }
}

TEST_CASE("a score is never below zero") {
  CHECK(score_of({}) == 0);
  CHECK(score_of({-3, 1}) == 0);
  CHECK(score_of({5, -3, 1}) == 3);
}

TEST_CASE("progress is the same in any order of reports, and never goes backwards") {
  const auto seed = seed_of_this_run();
  INFO("SCORING_SEED=" << seed);
  Dice dice(seed);
  const Instant now{1'000'000'000};
  for (int round = 0; round < 500; ++round) {
    std::vector<Report> reports;
    for (auto i = 2 + dice.below(5); i > 0; --i) {
      Report report;
      report.completed = dice.below(4) == 0;
      if (dice.below(2) == 0) report.position_s = dice.below(1000);
      if (dice.below(2) == 0) report.score = static_cast<double>(dice.below(101));
      for (auto ranges = dice.below(4); ranges > 0; --ranges) {
        const auto from = dice.below(900);
        report.watched.push_back({from, from + 1 + dice.below(100)});
      }
      reports.push_back(std::move(report));
    }
    const auto all = [&](const std::vector<Report>& some) {
      Progress progress;
      for (const auto& each : some) {
        const auto next = advance(progress, each, now);
        REQUIRE(next.position_s >= progress.position_s);
        REQUIRE(next.completed >= progress.completed);
        REQUIRE(seconds_of(next.watched) >= seconds_of(progress.watched));
        REQUIRE(next.score_best.value_or(0) >= progress.score_best.value_or(0));
        REQUIRE(watched_percent(next, 1000) >= watched_percent(progress, 1000));
        progress = next;
      }
      return progress;
    };
    auto once = all(reports);
    dice.shuffle(reports);
    auto again = all(reports);
    again.score_last = once.score_last;  // the last one is last
    REQUIRE(once == again);
    // Said twice is said once, but for how often a score came.
    auto doubled = reports;
    doubled.insert(doubled.end(), reports.begin(), reports.end());
    auto twice = all(doubled);
    twice.score_last = again.score_last;
    twice.attempts = again.attempts;
    REQUIRE(twice == again);
  }
}

}  // namespace tuition::learning
