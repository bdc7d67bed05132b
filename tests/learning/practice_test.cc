#include "learning/practice/practice.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "platform/base/fields.h"

namespace tuition::learning {
namespace {

using catalogue::ExerciseKind;
using catalogue::ExerciseSpec;
using catalogue::PracticeSet;

PracticeSet set_of(ExerciseKind kind, std::int64_t level, std::int64_t low = 60, std::int64_t high = 84) {
  return {20, 80, {{kind, level, low, high}}};
}

std::string taps(const std::vector<std::int64_t>& times, std::int64_t late = 0) {
  std::string out = "[";
  for (const auto each : times) out += (out.size() > 1 ? "," : "") + std::to_string(each + late);
  return out + "]";
}

}  // namespace

TEST_CASE("exercises follow from the set and the seed, and are sound for any seed") {
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    for (const auto kind : {ExerciseKind::interval, ExerciseKind::chord, ExerciseKind::rhythm, ExerciseKind::note})
      for (std::int64_t level = 1; level <= 3; ++level) {
        CAPTURE(seed, level, name_of(kind));
        const auto set = set_of(kind, level, 55, 79);
        const auto all = exercises_of(set, seed);
        const auto again = exercises_of(set, seed);
        REQUIRE(all.size() == 20);
        for (std::size_t i = 0; i < all.size(); ++i) {
          const auto& one = all[i];
          REQUIRE(one.right == again[i].right);
          REQUIRE(one.abc == again[i].abc);
          REQUIRE(one.onsets_ms == again[i].onsets_ms);
          REQUIRE_FALSE(one.prompt.empty());
          for (const auto& note : one.notes) {
            REQUIRE(note.midi >= set.specs[0].low);
            REQUIRE(note.midi <= set.specs[0].high);
          }
          if (kind == ExerciseKind::rhythm) {
            REQUIRE(one.choices.empty());
            REQUIRE_FALSE(one.onsets_ms.empty());
            REQUIRE(one.onsets_ms.front() == 0);
            REQUIRE(std::is_sorted(one.onsets_ms.begin(), one.onsets_ms.end()));
            REQUIRE(one.onsets_ms.back() < one.beats * 60'000 / one.tempo);
          } else {
            REQUIRE(one.right >= 0);
            REQUIRE(one.right < static_cast<std::int64_t>(one.choices.size()));
            REQUIRE(std::set<std::string>(one.choices.begin(), one.choices.end()).size() == one.choices.size());
            REQUIRE_FALSE(answer_of(one).empty());
          }
        }
      }
}

TEST_CASE("the lines of a set take turns") {
  const PracticeSet set{5, 80, {{ExerciseKind::interval, 1, 60, 84}, {ExerciseKind::note, 1, 60, 84}}};
  const auto all = exercises_of(set, 1);
  REQUIRE(all.size() == 5);
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(all[i].kind == (i % 2 == 0 ? ExerciseKind::interval : ExerciseKind::note));
  CHECK(read_kept_set(kept_set(set)) == set);
}

TEST_CASE("a choice is worth everything or nothing, and the same one every time wins no round") {
  for (const auto kind : {ExerciseKind::interval, ExerciseKind::chord, ExerciseKind::note}) {
    std::int64_t sum = 0;
    std::int64_t count = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed)
      for (const auto& each : exercises_of(set_of(kind, 2), seed)) {
        CHECK(points_for(each, std::to_string(each.right)).value() == whole);
        sum += points_for(each, "0").value();
        ++count;
      }
    CAPTURE(name_of(kind));
    CHECK(sum < count * 50);
  }
}

TEST_CASE("a rhythm is judged by taps on onsets") {
  Exercise rhythm;
  rhythm.kind = ExerciseKind::rhythm;
  rhythm.onsets_ms = {0, 500, 750, 1000};
  rhythm.tolerance_ms = 100;
  const struct {
    std::string answer;
    std::int64_t least;
    std::int64_t most;
  } cases[] = {
      {taps(rhythm.onsets_ms), 100, 100},
      {taps(rhythm.onsets_ms, 180), 100, 100},   // late throughout
      {taps(rhythm.onsets_ms, -180), 100, 100},  // early throughout
      {taps(rhythm.onsets_ms, 900), 0, 60},      // somewhere else
      {"[1000,0,750,500]", 100, 100},            // told in any order
      {"[0,500,1000]", 80, 90},                  // one left out: 3 of 4 by 3 taps
      {"[0,500,750,1000,1600,1900,2200,2500]", 60, 70},
      {"[]", 0, 0},
  };
  for (const auto& each : cases) {
    CAPTURE(each.answer);
    const auto points = points_for(rhythm, each.answer).value();
    CHECK(points >= each.least);
    CHECK(points <= each.most);
  }
  // Drumming on everything is no rhythm.
  std::vector<std::int64_t> drumming;
  for (std::int64_t at = 0; at < 2000; at += 20) drumming.push_back(at);
  CHECK(points_for(rhythm, taps(drumming)).value() < 20);
}

TEST_CASE("answers of another form are refused") {
  const auto choice = exercises_of(set_of(ExerciseKind::chord, 1), 7).front();
  for (const auto* each : {"\"0\"", "-1", "2", "0.5", "[0]", "null", "{}"}) {
    CAPTURE(each);
    CHECK_FALSE(points_for(choice, each).ok());
  }
  const auto rhythm = exercises_of(set_of(ExerciseKind::rhythm, 1), 7).front();
  for (const auto* each : {"0", "[\"0\"]", "[0.5]", "[99999999]", "null"}) {
    CAPTURE(each);
    CHECK_FALSE(points_for(rhythm, each).ok());
  }
}

}  // namespace tuition::learning
