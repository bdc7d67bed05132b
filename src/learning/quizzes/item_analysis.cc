#include "learning/quizzes/item_analysis.h"

#include <cmath>

namespace tuition::learning {
namespace {

double rest_share(const Sitting& sitting) {
  const auto most = sitting.score_max - sitting.points_max;
  return most > 0 ? static_cast<double>(sitting.score - sitting.points) / static_cast<double>(most) : 0.0;
}

// The point-biserial correlation.
std::optional<double> correlation(const std::vector<Sitting>& sittings, std::int64_t right) {
  const auto people = static_cast<double>(sittings.size());
  if (static_cast<std::int64_t>(sittings.size()) < people_for_discrimination || right == 0 ||
      right == static_cast<std::int64_t>(sittings.size()))
    return std::nullopt;
  double sum = 0, squares = 0, sum_right = 0;
  for (const auto& each : sittings) {
    const auto rest = rest_share(each);
    sum += rest;
    squares += rest * rest;
    if (each.right) sum_right += rest;
  }
  const auto variance = squares / people - (sum / people) * (sum / people);
  if (variance <= 1e-12) return std::nullopt;
  const auto share = static_cast<double>(right) / people;
  const auto mean_right = sum_right / static_cast<double>(right);
  const auto mean_wrong = (sum - sum_right) / (people - static_cast<double>(right));
  return (mean_right - mean_wrong) * std::sqrt(share * (1 - share)) / std::sqrt(variance);
}

}  // namespace

Item analysed(const std::vector<Sitting>& sittings) {
  Item item;
  item.asked = static_cast<std::int64_t>(sittings.size());
  for (const auto& each : sittings) {
    item.answered += each.answered ? 1 : 0;
    item.right += each.right ? 1 : 0;
  }
  if (item.asked == 0) return item;
  item.difficulty = static_cast<double>(item.right) / static_cast<double>(item.asked);
  item.discrimination = correlation(sittings, item.right);
  return item;
}

std::optional<std::string_view> hint_for(const Item& item) {
  if (item.asked < people_for_discrimination || !item.difficulty) return std::nullopt;
  if (item.discrimination && *item.discrimination < -0.1)
    return "Those who know the rest tend to get this one wrong: is the right answer marked?";
  if (*item.difficulty < 0.2) return "Hardly anybody gets this right: is it taught, and is it clear?";
  if (*item.difficulty > 0.97) return "Nearly everybody gets this right.";
  if (item.discrimination && *item.discrimination < 0.1)
    return "Getting this right says little about knowing the rest: is it ambiguous?";
  return std::nullopt;
}

}  // namespace tuition::learning
