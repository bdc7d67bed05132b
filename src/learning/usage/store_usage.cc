#include "learning/usage/store_usage.h"

namespace tuition::learning::store {

std::vector<Deed> deeds_since(ReadTx& tx, const UserId& user, Instant since) {
  struct PointsRow {
    Instant at{};
    std::int64_t points = 0;
    bool lesson = false;
  };
  std::vector<Deed> all;
  for (const auto& row : tx.many<PointsRow>(
           "SELECT at, points, key LIKE 'lesson:%' FROM xp_events WHERE user_id = ?1 AND at >= ?2", user, since))
    all.push_back({row.lesson ? Deed::Sort::lesson : Deed::Sort::points, row.at, row.points});
  for (const auto at : tx.many<Instant>(
           "SELECT submitted_at FROM quiz_attempts WHERE user_id = ?1 AND submitted_at >= ?2", user, since))
    all.push_back({Deed::Sort::quiz, at});
  for (const auto at : tx.many<Instant>(
           "SELECT finished_at FROM practice_rounds WHERE user_id = ?1 AND finished_at >= ?2", user, since))
    all.push_back({Deed::Sort::practice, at});
  return all;
}

std::int64_t quizzes_taken(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM quiz_attempts WHERE user_id = ?1 AND submitted_at IS NOT NULL",
                               user);
}

std::int64_t practice_finished(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM practice_rounds WHERE user_id = ?1 AND finished_at IS NOT NULL",
                               user);
}

}  // namespace tuition::learning::store
