#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Pure: what the answers of many say about a question.
namespace tuition::learning {

// One person's attempt, as far as one question goes.
struct Sitting {
  bool right = false;
  bool answered = false;
  std::int64_t points = 0;      // for this question
  std::int64_t score = 0;       // of the whole attempt
  std::int64_t score_max = 0;   // of the whole attempt
  std::int64_t points_max = 0;  // of this question
};

struct Item {
  std::int64_t asked = 0;
  std::int64_t answered = 0;
  std::int64_t right = 0;
  std::optional<double> difficulty{};      // share of right answers; what was left out is wrong
  std::optional<double> discrimination{};  // correlation with the share of the rest of the score
};

// Discrimination needs ten people, and some of either sort; and a rest of the quiz that tells them apart.
inline constexpr std::int64_t people_for_discrimination = 10;
Item analysed(const std::vector<Sitting>& sittings);

// What stands out, for who wrote the question.
std::optional<std::string_view> hint_for(const Item& item);

}  // namespace tuition::learning
