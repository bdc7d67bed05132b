#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// Pure: what is worth a mark of its own, and what rank points make.
namespace tuition::learning {

enum class Measure { lessons, quizzes, streak, points, courses, full_marks, practice };

// `bit` is its place in user_stats.achievements, the key its name in user_achievements: neither is ever used again for
// another one.
struct Achievement {
  int bit;
  std::string_view key;
  std::string_view title;
  std::string_view sentence;
  Measure measure;
  std::int64_t goal;
};

std::span<const Achievement> achievements();  // in the order they are shown

// How far somebody is, as far as it is known: what was not counted is 0 and earns nothing.
struct Reached {
  std::int64_t lessons = 0;
  std::int64_t quizzes = 0;
  std::int64_t streak = 0;
  std::int64_t points = 0;
  std::int64_t courses = 0;
  std::int64_t full_marks = 0;
  std::int64_t practice = 0;
};
std::int64_t value_of(const Reached& reached, Measure measure);

// Those whose goal is reached and whose bit is not in `awarded`.
std::vector<Achievement> newly_reached(const Reached& reached, std::int64_t awarded);

// Rank n begins at 50 * n * (n - 1) points: 0, 100, 300, 600, 1000, ...
struct Rank {
  std::int64_t number = 1;
  std::int64_t from = 0;
  std::int64_t next = 0;  // where the next one begins
};
Rank rank_of(std::int64_t points);

}  // namespace tuition::learning
