#include "entitlements/effective.h"

#include <catch2/catch_test_macros.hpp>
#include <random>

namespace tuition::entitlements {
namespace {

Instant at(std::int64_t day) { return Instant{} + days(day); }

Right right(Scope scope, std::string id, std::int64_t from, std::optional<std::int64_t> to) {
  return {scope, std::move(id), at(from), to ? std::optional(at(*to)) : std::nullopt};
}

const Target piano{"piano", "music", ""};

}  // namespace

TEST_CASE("a right covers what its scope names") {
  CHECK(covers(right(Scope::all, "", 0, 1), piano));
  CHECK(covers(right(Scope::course, "piano", 0, 1), piano));
  CHECK(covers(right(Scope::category, "music", 0, 1), piano));
  CHECK_FALSE(covers(right(Scope::course, "violin", 0, 1), piano));
  CHECK_FALSE(covers(right(Scope::category, "finance", 0, 1), piano));
  CHECK_FALSE(covers(right(Scope::category, "", 0, 1), course_target("piano", "")));
  CHECK(covers(right(Scope::feature, "tutor", 0, 1), feature_target("tutor")));
  CHECK_FALSE(covers(right(Scope::feature, "tutor", 0, 1), piano));
}

TEST_CASE("overlapping rights make one answer") {
  struct Row {
    const char* says;
    std::vector<Right> rights;
    std::int64_t now;
    bool allowed;
    std::optional<std::int64_t> until;
  };
  const Row rows[] = {
      {"nothing", {}, 5, false, {}},
      {"a right that runs", {right(Scope::all, "", 0, 10)}, 5, true, 10},
      {"its last moment is its end", {right(Scope::all, "", 0, 10)}, 10, false, {}},
      {"its first moment counts", {right(Scope::all, "", 5, 10)}, 5, true, 10},
      {"one that comes later", {right(Scope::all, "", 7, 10)}, 5, false, 7},
      {"for good wins", {right(Scope::all, "", 0, 10), right(Scope::course, "piano", 2, {})}, 5, true, {}},
      {"one follows on the other", {right(Scope::all, "", 0, 10), right(Scope::course, "piano", 10, 20)}, 5, true, 20},
      {"a gap ends it", {right(Scope::all, "", 0, 10), right(Scope::all, "", 11, 20)}, 5, true, 10},
      {"a short one within a long one", {right(Scope::all, "", 0, 20), right(Scope::all, "", 3, 6)}, 5, true, 20},
      {"of another course", {right(Scope::course, "violin", 0, 10)}, 5, false, {}},
  };
  for (const auto& row : rows) {
    INFO(row.says);
    const auto answer = effective(row.rights, piano, at(row.now));
    CHECK(answer.allowed == row.allowed);
    CHECK(answer.until == (row.until ? std::optional(at(*row.until)) : std::nullopt));
  }
}

TEST_CASE("an answer holds until the moment it names") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto upto = [&](std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n)(random); };
  for (int round = 0; round < 500; ++round) {
    std::vector<Right> rights;
    for (auto n = upto(5); n > 0; --n) {
      const auto from = upto(20);
      rights.push_back(right(Scope::all, "", from, upto(6) == 0 ? std::nullopt : std::optional(from + upto(10))));
    }
    const auto now = upto(25);
    const auto answer = effective(rights, piano, at(now));
    for (std::int64_t day = now; day < 60; ++day) {
      if (answer.until && at(day) >= *answer.until) {
        CHECK(effective(rights, piano, at(day)).allowed != answer.allowed);
        break;
      }
      CHECK(effective(rights, piano, at(day)).allowed == answer.allowed);
    }
  }
}

}  // namespace tuition::entitlements
