#include "learning/honours/achievements.h"

#include <array>

namespace tuition::learning {
namespace {

constexpr std::array<Achievement, 17> all_achievements{{
    {0, "first_lesson", "First step", "Complete a lesson.", Measure::lessons, 1},
    {1, "lessons_10", "Under way", "Complete 10 lessons.", Measure::lessons, 10},
    {2, "lessons_50", "Well travelled", "Complete 50 lessons.", Measure::lessons, 50},
    {3, "lessons_200", "Scholar", "Complete 200 lessons.", Measure::lessons, 200},
    {4, "first_quiz", "Put to the test", "Pass a quiz.", Measure::quizzes, 1},
    {5, "quizzes_10", "Sure of it", "Pass 10 quizzes.", Measure::quizzes, 10},
    {6, "full_marks", "Full marks", "Answer every question of a quiz rightly.", Measure::full_marks, 1},
    {7, "streak_3", "Three in a row", "Learn on 3 days in a row.", Measure::streak, 3},
    {8, "streak_7", "A whole week", "Learn on 7 days in a row.", Measure::streak, 7},
    {9, "streak_30", "A whole month", "Learn on 30 days in a row.", Measure::streak, 30},
    {10, "streak_100", "A hundred days", "Learn on 100 days in a row.", Measure::streak, 100},
    {11, "first_course", "Finisher", "Finish a course.", Measure::courses, 1},
    {12, "courses_5", "Five courses", "Finish 5 courses.", Measure::courses, 5},
    {13, "practice_1", "Good ear", "Pass a round of practice.", Measure::practice, 1},
    {14, "practice_25", "Daily bread", "Pass 25 rounds of practice.", Measure::practice, 25},
    {15, "points_500", "Five hundred", "Collect 500 points.", Measure::points, 500},
    {16, "points_5000", "Five thousand", "Collect 5000 points.", Measure::points, 5000},
}};

}  // namespace

std::span<const Achievement> achievements() { return all_achievements; }

std::int64_t value_of(const Reached& reached, Measure measure) {
  switch (measure) {
    case Measure::lessons: return reached.lessons;
    case Measure::quizzes: return reached.quizzes;
    case Measure::streak: return reached.streak;
    case Measure::points: return reached.points;
    case Measure::courses: return reached.courses;
    case Measure::full_marks: return reached.full_marks;
    case Measure::practice: return reached.practice;
  }
  return 0;
}

std::vector<Achievement> newly_reached(const Reached& reached, std::int64_t awarded) {
  std::vector<Achievement> found;
  for (const auto& each : all_achievements)
    if (value_of(reached, each.measure) >= each.goal && (awarded >> each.bit & 1) == 0) found.push_back(each);
  return found;
}

Rank rank_of(std::int64_t points) {
  const auto begins = [](std::int64_t number) { return 50 * number * (number - 1); };
  Rank rank{1, 0, begins(2)};
  while (points >= rank.next) {
    ++rank.number;
    rank.from = rank.next;
    rank.next = begins(rank.number + 1);
  }
  return rank;
}

}  // namespace tuition::learning
