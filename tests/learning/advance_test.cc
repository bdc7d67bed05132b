#include "learning/progress/advance.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

namespace tuition::learning {
namespace {

const Instant noon{1'000'000};

}  // namespace

TEST_CASE("a report moves progress forward and never back") {
  Progress progress;
  progress = advance(progress, {.score = 60.0, .position_s = 50}, noon);
  CHECK(progress.created_at == noon);
  CHECK(progress.score_best == 60.0);
  progress = advance(progress, {.score = 40.0, .completed = true, .position_s = 20}, noon + seconds(1));
  CHECK(progress.position_s == 50);
  CHECK(progress.score_best == 60.0);
  CHECK(progress.score_last == 40.0);
  CHECK(progress.attempts == 2);
  CHECK(progress.completed_at == noon + seconds(1));
  progress = advance(progress, {}, noon - seconds(5));
  CHECK(progress.completed);
  CHECK(progress.completed_at == noon + seconds(1));
  CHECK(progress.updated_at == noon + seconds(1));
}

TEST_CASE("ranges are joined") {
  struct Row {
    std::vector<WatchedRange> in;
    std::vector<WatchedRange> out;
  };
  const Row rows[] = {
      {{}, {}},
      {{{5, 5}, {7, 3}}, {}},
      {{{0, 10}, {10, 20}}, {{0, 20}}},
      {{{30, 40}, {0, 10}}, {{0, 10}, {30, 40}}},
      {{{0, 100}, {5, 10}, {90, 120}}, {{0, 120}}},
      {{{-5, 5}, {86'000, 900'000}}, {{0, 5}, {86'000, 86'400}}},
  };
  for (const auto& row : rows) CHECK(joined(row.in) == row.out);
}

TEST_CASE("whatever is reported in whatever order, nothing is lost") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto upto = [&](std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n)(random); };
  for (int round = 0; round < 300; ++round) {
    std::vector<Report> reports;
    for (auto n = 1 + upto(8); n > 0; --n) {
      Report said;
      if (upto(1)) said.score = static_cast<double>(upto(140)) - 20;
      said.completed = upto(5) == 0;
      if (upto(1)) said.position_s = upto(1000) - 10;
      for (auto r = upto(3); r > 0; --r) {
        const auto from = upto(900);
        said.watched.push_back({from, from + upto(100)});
      }
      reports.push_back(said);
    }
    const auto total = [&] {
      Progress progress;
      auto now = noon;
      for (const auto& said : reports) {
        const auto next = advance(progress, said, now = now + seconds(1));
        CHECK(next.position_s >= progress.position_s);
        CHECK(next.completed >= progress.completed);
        CHECK(next.score_best.value_or(0) >= progress.score_best.value_or(0));
        CHECK(seconds_of(next.watched) >= seconds_of(progress.watched));
        CHECK(time_credit_s(next, 300) >= time_credit_s(progress, 300));
        progress = next;
      }
      return progress;
    };
    const auto one = total();
    std::shuffle(reports.begin(), reports.end(), random);
    const auto other = total();
    CHECK(one.position_s == other.position_s);
    CHECK(one.completed == other.completed);
    CHECK(one.score_best == other.score_best);
    CHECK(one.watched == other.watched);
    auto twice = advance(other, reports.back(), noon + hours(1));
    CHECK(twice.watched == other.watched);
    CHECK(twice.position_s == other.position_s);
  }
}

TEST_CASE("a recording watched in a thousand pieces is kept in few") {
  std::vector<WatchedRange> pieces;
  for (std::int64_t i = 0; i < 1000; ++i) pieces.push_back({i * 10, i * 10 + 5});
  const auto kept = joined(pieces);
  CHECK(kept.size() == watched_ranges_max);
  CHECK(kept.front().from == 0);
  CHECK(kept.back().to == 9995);
}

}  // namespace tuition::learning
