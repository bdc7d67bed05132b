#include "learning/honours/store_honours.h"

namespace tuition::learning::store {

void put_achievement(WriteTx& tx, const UserId& user, std::string_view key, Instant now) {
  tx.execute(
      "INSERT INTO user_achievements (user_id, achievement, at) VALUES (?1, ?2, ?3) "
      "ON CONFLICT (user_id, achievement) DO NOTHING",
      user, std::string(key), now);
}

std::map<std::string, Instant> achievements_of(ReadTx& tx, const UserId& user) {
  struct EarnedRow {
    std::string key{};
    Instant at{};
  };
  std::map<std::string, Instant> all;
  for (auto& row : tx.many<EarnedRow>("SELECT achievement, at FROM user_achievements WHERE user_id = ?1", user))
    all.emplace(std::move(row.key), row.at);
  return all;
}

std::int64_t courses_completed(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM enrollments WHERE user_id = ?1 AND status = 'completed'", user);
}

std::int64_t full_marks(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>(
      "SELECT COUNT(DISTINCT quiz_id) FROM quiz_attempts WHERE user_id = ?1 AND score = max_score AND max_score > 0",
      user);
}

std::int64_t practice_passed(ReadTx& tx, const UserId& user) {
  return *tx.one<std::int64_t>("SELECT COUNT(*) FROM practice_rounds WHERE user_id = ?1 AND passed = 1", user);
}

std::vector<Leader> leaders(ReadTx& tx, const catalogue::CourseId& course, Instant since) {
  return tx.many<Leader>(
      "SELECT p.id, COALESCE(p.full_name, ''), SUM(x.points) FROM user_profiles p "
      "JOIN users u ON u.id = p.id JOIN xp_events x ON x.user_id = p.id "
      "WHERE p.leaderboard_opt_in = 1 AND u.status = 'active' AND x.at >= ?2 AND (?1 = '' OR x.course_id = ?1) "
      "GROUP BY p.id ORDER BY SUM(x.points) DESC, p.id",
      course.text(), since);
}

std::int64_t points_of(ReadTx& tx, const UserId& user, const catalogue::CourseId& course, Instant since) {
  return *tx.one<std::int64_t>(
      "SELECT COALESCE(SUM(points), 0) FROM xp_events WHERE user_id = ?1 AND at >= ?3 AND (?2 = '' OR course_id = ?2)",
      user, course.text(), since);
}

bool is_opted_in(ReadTx& tx, const UserId& user) {
  return tx.one<bool>("SELECT leaderboard_opt_in FROM user_profiles WHERE id = ?1", user).value_or(false);
}

}  // namespace tuition::learning::store
